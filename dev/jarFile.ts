import { crc32 as nodeCrc32 } from "node:zlib";

/**
 * The bytes of a jar that holds nothing but a manifest: `java -jar` on it runs `mainClass`
 * from the jars of `classPath` (file URLs). A zip with one stored entry
 * (APPNOTE.TXT 6.3, sections 4.3.7, 4.3.12 and 4.3.16), at a fixed date so that
 * the same input gives the same bytes.
 */
export function launcherJar(
  mainClass: string,
  classPath: readonly string[],
): Buffer {
  const manifest = [
    "Manifest-Version: 1.0",
    `Main-Class: ${mainClass}`,
    `Class-Path: ${classPath.join(" ")}`,
  ];
  const text = `${manifest.map(wrapped).join("\r\n")}\r\n\r\n`;
  return storedZip("META-INF/MANIFEST.MF", Buffer.from(text, "utf8"));
}

/** A manifest's lines hold 72 bytes; what is longer goes on behind a space (JAR File Specification, Line length). URLs and class names are ASCII. */
function wrapped(line: string): string {
  return (line.match(/^.{1,70}|.{1,69}/g) ?? []).join("\r\n ");
}

function storedZip(name: string, data: Buffer): Buffer {
  const path = Buffer.from(name, "utf8");
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0); // version needed
  common.writeUInt16LE(0x0021, 8); // 1980-01-01
  common.writeUInt32LE(crc32(data), 10);
  common.writeUInt32LE(data.length, 14);
  common.writeUInt32LE(data.length, 18);
  common.writeUInt16LE(path.length, 22);
  const local = Buffer.concat([signature(0x04034b50), common, path, data]);
  const attributes = Buffer.alloc(14);
  const madeBy = Buffer.from([20, 0]);
  const directory = Buffer.concat([
    signature(0x02014b50),
    madeBy,
    common,
    attributes,
    path,
  ]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4); // entries on this disk, and in all
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, directory, signature(0x06054b50), end]);
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value, 0);
  return bytes;
}

/** zlib's own where Node has it (20.15 and 22.2 on), else bit by bit. */
function crc32(data: Buffer): number {
  if (typeof nodeCrc32 === "function") return nodeCrc32(data);
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) {
      crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
    }
  }
  return (crc ^ 0xffffffff) >>> 0;
}
