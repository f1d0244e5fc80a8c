// Bytes as text that a link can carry: packed by gzip, whose checksum tells a link that was cut or
// changed, and written in the letters of base64url (RFC 4648).
import { bytesOf, gunzip } from "../../../data/gzip";

type Bytes = Uint8Array<ArrayBuffer>;

export async function pack(bytes: Bytes): Promise<string> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  const packed = await bytesOf(await new Response(stream).blob());
  let letters = "";
  for (const byte of packed) letters += String.fromCharCode(byte);
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The bytes, of which there may be so many; rejects where this is not such a text, or holds more. */
export function unpack(text: string, most: number): Promise<Bytes> {
  const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return gunzip(
    Uint8Array.from(letters, (letter) => letter.charCodeAt(0)),
    () => most,
  );
}
