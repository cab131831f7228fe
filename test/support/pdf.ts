import { getDocumentProxy } from "unpdf";
import { z } from "zod";

const Text = z.object({
  str: z.string(),
  width: z.number(),
  transform: z.array(z.number()).length(6),
});
const Link = z.object({
  subtype: z.string(),
  url: z.string().optional(),
  unsafeUrl: z.string().optional(),
  rect: z.array(z.number()).length(4),
});

/** A page as a reader finds it: lengths in points, from the left and from the foot. */
export interface PdfPage {
  readonly width: number;
  readonly height: number;
  readonly texts: readonly {
    readonly text: string;
    readonly x: number;
    readonly y: number;
    readonly width: number;
  }[];
  readonly links: readonly {
    readonly url: string | undefined;
    readonly rect: readonly number[];
  }[];
}

/** The pages of a PDF. */
export async function pagesOf(bytes: Uint8Array): Promise<readonly PdfPage[]> {
  // The reader takes over the bytes that it is given.
  const pdf = await getDocumentProxy(bytes.slice());
  const pages: PdfPage[] = [];
  for (let n = 1; n <= pdf.numPages; n++) {
    const page = await pdf.getPage(n);
    const { width, height } = page.getViewport({ scale: 1 });
    const content: { readonly items: readonly unknown[] } =
      await page.getTextContent();
    const annotations: readonly unknown[] = await page.getAnnotations();
    pages.push({
      width,
      height,
      texts: content.items.map((item) => {
        const { str, transform, width: wide } = Text.parse(item);
        const [, , , , x = 0, y = 0] = transform;
        return { text: str, x, y, width: wide };
      }),
      links: annotations.map((annotation) => {
        const { url, unsafeUrl, rect } = Link.parse(annotation);
        return { url: unsafeUrl ?? url, rect };
      }),
    });
  }
  return pages;
}

const footHeight = 60;

/** What the pages say above their feet, without spaces, since lines end where the paper does. */
export function saidOn(pages: readonly PdfPage[]): string {
  return squeezed(
    pages
      .flatMap(({ texts }) => texts.filter(({ y }) => y > footHeight))
      .map(({ text }) => text)
      .join(""),
  );
}

/** What the foot of a page says. */
export function footOf({ texts }: PdfPage): string {
  return texts
    .filter(({ text, y }) => y <= footHeight && text.trim() !== "")
    .map(({ text }) => text)
    .join(" ");
}

/** A text without its spaces. */
export function squeezed(text: string): string {
  return text.replace(/\s+/gu, "");
}
