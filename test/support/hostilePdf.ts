import { deflateSync } from "node:zlib";

/** A stream's dictionary without its length, and what it holds before it is compressed. */
interface Stream {
  readonly dictionary?: string;
  readonly content: string;
}

const form = "/Subtype /Form /BBox [0 0 612 792]";

/** A PDF of one page (ISO 32000-1), by hand: its content, and the streams that it may name as /X1, /X2 and so on. */
export function pdfWith(
  content: string,
  forms: readonly Stream[] = [],
): Uint8Array {
  const names = forms.map((_, n) => `/X${n + 1} ${n + 6} 0 R`).join(" ");
  const resources = `/Resources << /Font << /F1 5 0 R >> /XObject << ${names} >> >>`;
  const objects = [
    Buffer.from("<< /Type /Catalog /Pages 2 0 R >>"),
    Buffer.from("<< /Type /Pages /Kids [3 0 R] /Count 1 >>"),
    Buffer.from(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R ${resources} >>`,
    ),
    streamOf({ content }),
    Buffer.from("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"),
    ...forms.map(({ dictionary = `${form} ${resources}`, ...inside }) =>
      streamOf({ dictionary: `/Type /XObject ${dictionary}`, ...inside }),
    ),
  ];
  const parts: Buffer[] = [Buffer.from("%PDF-1.7\n")];
  const offsets = objects.map((object, n) => {
    const offset = parts.reduce((sum, { length }) => sum + length, 0);
    parts.push(
      Buffer.from(`${n + 1} 0 obj\n`),
      object,
      Buffer.from("\nendobj\n"),
    );
    return `${String(offset).padStart(10, "0")} 00000 n \n`;
  });
  const start = parts.reduce((sum, { length }) => sum + length, 0);
  const size = objects.length + 1;
  parts.push(
    Buffer.from(
      `xref\n0 ${size}\n0000000000 65535 f \n${offsets.join("")}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`,
    ),
  );
  return Uint8Array.from(Buffer.concat(parts));
}

/** A page's content that shows a line of text. */
export function lineOf(text: string): string {
  return `BT /F1 12 Tf 72 720 Td (${text}) Tj ET\n`;
}

/** A PDF of a few kB with more lines than anybody reads in a lifetime: forms that show each other ten times each. */
export function endlessPdf(): Uint8Array {
  const forms = Array.from({ length: 20 }, (_, n) => ({
    content: n === 19 ? lineOf("a") : `/X${n + 2} Do `.repeat(10),
  }));
  return pdfWith("/X1 Do", forms);
}

function streamOf({ dictionary = "", content }: Stream): Buffer {
  const packed = deflateSync(Buffer.from(content, "latin1"), { level: 9 });
  return Buffer.concat([
    Buffer.from(
      `<< ${dictionary} /Filter /FlateDecode /Length ${packed.length} >>\nstream\n`,
    ),
    packed,
    Buffer.from("\nendstream"),
  ]);
}
