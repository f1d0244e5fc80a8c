// Small grey pictures as ink on canvases of as many pixels.

export interface Size {
  readonly width: number;
  readonly height: number;
}

// Makes a canvas as large as a picture, which empties it.
export function resize(canvas: HTMLCanvasElement, { width, height }: Size): void {
  canvas.width = width;
  canvas.height = height;
}

// Paints brightnesses from 0 to 255, row by row; the brightness becomes the opacity of the ink.
export function paint(canvas: HTMLCanvasElement, brightness: ArrayLike<number>): void {
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(canvas.width, canvas.height);
  for (let i = 0; i < brightness.length; i++) image.data[4 * i + 3] = brightness[i]!;
  context.putImageData(image, 0, 0);
}
