// The kinds of pictures that browsers decode, by their first bytes, and what their headers say of them.

/** What people call a picture of this kind; undefined where a file is no picture. */
export const kindOfPicture = (bytes: Uint8Array): string | undefined =>
  kinds.find(([, starts]) =>
    starts.every(([at, text]) => [...text].every((c, i) => bytes[at + i] === c.charCodeAt(0))),
  )?.[0];

const kinds: [name: string, starts: [at: number, text: string][]][] = [
  ["PNG", [[0, "\x89PNG\r\n\x1a\n"]]],
  ["JPEG", [[0, "\xff\xd8\xff"]]],
  [
    "WebP",
    [
      [0, "RIFF"],
      [8, "WEBP"],
    ],
  ],
  ["GIF", [[0, "GIF8"]]],
];

/** Whether a name is one of a picture; what a file is, its first bytes say. */
export const isPictureName = (name: string): boolean => /\.(png|jpe?g|webp|gif)$/i.test(name);

/** Whether this is a PNG of eight bits or fewer per channel. */
export const isPlainPng = (bytes: Uint8Array): boolean => bytes[0] === 0x89 && bytes[24]! <= 8;

/** Whether the pixels of a PNG have 16 bits per channel, of which a picture on a screen shows eight. */
export const isDeep = (bytes: Uint8Array): boolean => bytes[0] === 0x89 && bytes[24] === 16;

/** Whether a JPEG says that it is to be turned or mirrored when it is shown: its EXIF orientation is not 1. */
export function isTurned(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0xff) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    for (let at = 2; view.getUint8(at) === 0xff; at += 2 + view.getUint16(at + 2)) {
      const marker = view.getUint8(at + 1);
      if (marker === 0xda) return false;
      // "Exif\0\0", and then a TIFF file.
      if (marker === 0xe1 && view.getUint32(at + 4) === 0x45786966)
        return orientation(new DataView(view.buffer, view.byteOffset + at + 10)) > 1;
    }
  } catch {
    // A header that ends too early says nothing.
  }
  return false;
}

function orientation(tiff: DataView): number {
  const little = tiff.getUint16(0) === 0x4949;
  const first = tiff.getUint32(4, little);
  for (let i = 0; i < tiff.getUint16(first, little); i++) {
    const entry = first + 2 + 12 * i;
    if (tiff.getUint16(entry, little) === 0x0112) return tiff.getUint16(entry + 8, little);
  }
  return 1;
}
