// Collected classes as a .zip of PNG pictures, one folder for each class, and back.
import { unzipSync, zipSync } from "fflate";
import { make } from "../../../ui/dom";
import { side, type CollectedClass } from "../storage/classes/stored_classes";
import { greySquare, paintGrey } from "./grey_square";

const types: Record<string, string> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  webp: "image/webp",
};
const mostBytes = 50e6;
const mostPictures = 5000;

export interface Opened {
  pictures: Map<string, Uint8Array[]>;
  // How many had another size, and how many were left out since they are no pictures.
  scaled: number;
  leftOut: number;
}

/** The archive. Pictures stand in it in their order. */
export async function archiveOf(classes: readonly CollectedClass[]): Promise<Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  const canvas = make("canvas", { width: side, height: side });
  for (const { name, examples } of classes) {
    for (const [i, { pixels }] of examples.entries()) {
      paintGrey(canvas, pixels);
      const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
      if (!blob) throw new Error("This browser makes no PNG pictures.");
      const number = String(i + 1).padStart(4, "0");
      files[`${name}/${number}.png`] = new Uint8Array(await blob.arrayBuffer());
    }
  }
  // PNG is compressed already.
  return zipSync(files, { level: 0 });
}

/** Reads an archive. Throws a sentence where there are no classes in it. */
export async function openArchive(file: File): Promise<Opened> {
  if (file.size > mostBytes)
    throw new Error(
      `${file.name} is larger than 50 MB: choose it under “Your own pictures” instead, which reads large sets.`,
    );
  const found = entriesOf(file.name, new Uint8Array(await file.arrayBuffer()));
  const opened: Opened = { pictures: new Map(), scaled: 0, leftOut: 0 };
  for (const [path, bytes] of found) {
    const [name, folder] = path.split("/").toReversed() as [string, string | undefined];
    const type = types[/\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? ""];
    const picture = type && folder && (await decoded(bytes, type));
    if (!picture) {
      opened.leftOut++;
      continue;
    }
    if (picture.isScaled) opened.scaled++;
    const pictures = opened.pictures.get(folder) ?? [];
    opened.pictures.set(folder, [...pictures, picture.pixels]);
  }
  if (opened.pictures.size === 0)
    throw new Error(
      `${file.name} has no pictures in folders, expected one folder for each class with PNG, JPEG or WebP pictures in it.`,
    );
  return opened;
}

// The files of the archive by their paths, in the order of these; folders and what systems add are left out.
function entriesOf(name: string, bytes: Uint8Array): [string, Uint8Array][] {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b)
    throw new Error(
      `${name} is no .zip archive, expected one with a folder of pictures for each class.`,
    );
  const isFile = (path: string) => !path.endsWith("/") && !/(^|\/)(\.|__MACOSX)/.test(path);
  let unpacked;
  try {
    unpacked = unzipSync(bytes, {
      filter: ({ name: path, originalSize }) => isFile(path) && originalSize < mostBytes,
    });
  } catch (error) {
    throw new Error(`${name} cannot be unpacked (${(error as Error).message}).`, { cause: error });
  }
  const entries = Object.entries(unpacked);
  if (entries.length > mostPictures)
    throw new Error(
      `${name} has ${entries.length} files, expected ${mostPictures} at most: choose it under “Your own pictures” instead.`,
    );
  const order = new Intl.Collator("en", { numeric: true });
  return entries.toSorted(([a], [b]) => order.compare(a, b));
}

async function decoded(bytes: Uint8Array, type: string) {
  try {
    const picture = await createImageBitmap(new Blob([bytes as BlobPart], { type }), {
      colorSpaceConversion: "none",
    });
    const { width, height } = picture;
    const isScaled = width !== side || height !== side;
    const pixels = greySquare(picture, { width, height }, side);
    picture.close();
    return { pixels, isScaled };
  } catch {
    return undefined;
  }
}
