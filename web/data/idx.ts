// What an IDX file of images or labels begins with.

/** The bytes before the values of a file with so many axes. */
export const headerSize = (axes: number): number => 4 + 4 * axes;

/** The bytes before the labels of a file of labels. */
export const labelHeader = 8;

/**
 * The extents that the file's header says, whose first bytes have been checked: the number of
 * images, the 3 of colour, their height and width, or the number of labels.
 */
export function extentsOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return Array.from({ length: bytes[3]! }, (_, axis) => view.getUint32(4 + 4 * axis));
}
