// What an IDX file of images or labels begins with.

/** The bytes before the pixels of a file of images. */
export const imageHeader = 16;
/** The bytes before the labels of a file of labels. */
export const labelHeader = 8;

/**
 * The extents that the file's header says, whose first bytes have been checked: the number of
 * images, their height and width, or the number of labels.
 */
export function extentsOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return Array.from({ length: bytes[3]! }, (_, axis) => view.getUint32(4 + 4 * axis));
}
