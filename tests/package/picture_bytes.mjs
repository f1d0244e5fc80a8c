// Files of pictures as other software writes them, made by hand.
import { crc32, deflateRawSync } from "node:zlib";

const text = (string) => new TextEncoder().encode(string);

/** The bytes one after the other. */
export const joined = (...parts) => new Uint8Array(Buffer.concat(parts));

/** A .npy file; `data` is a typed array, or its bytes where `descr` says another byte order. */
export function npy(descr, shape, data, fortran = "False") {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const header = `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': (${tuple}), }`;
  const padded = header.padEnd(64 * Math.ceil((header.length + 11) / 64) - 11) + "\n";
  const start = Uint8Array.of(
    0x93,
    ...text("NUMPY"),
    1,
    0,
    padded.length & 255,
    padded.length >> 8,
  );
  return joined(start, text(padded), new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

/** A zip archive of deflated files by their names. */
export function zip(files) {
  const parts = [];
  const directory = [];
  let at = 0;
  for (const [name, bytes] of Object.entries(files)) {
    const packed = deflateRawSync(bytes);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(8, 4);
    facts.writeUInt32LE(crc32(bytes), 10);
    facts.writeUInt32LE(packed.length, 14);
    facts.writeUInt32LE(bytes.length, 18);
    facts.writeUInt16LE(text(name).length, 22);
    const local = joined(text("PK\x03\x04"), facts, text(name), packed);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    directory.push(joined(text("PK\x01\x02"), Uint8Array.of(20, 0), facts, place, text(name)));
    parts.push(local);
    at += local.length;
  }
  const listed = joined(...directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(directory.length, 4);
  end.writeUInt16LE(directory.length, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(at, 12);
  return joined(...parts, listed, text("PK\x05\x06"), end);
}

/** An IDX file of these extents and bytes of values, of another type than bytes where it is given. */
export function idxOf(extents, values, type = 8) {
  const header = Buffer.alloc(4 + 4 * extents.length);
  header.set([0, 0, type, extents.length]);
  extents.forEach((extent, i) => header.writeUInt32BE(extent, 4 + 4 * i));
  return joined(header, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}
