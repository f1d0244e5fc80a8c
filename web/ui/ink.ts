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

const [blue, orange] = [
  [0, 114, 178],
  [213, 94, 0],
];

// Sets the pixel whose bytes begin at `at` to a number from −1 to 1: blue above 0, orange below, paler
// towards 0.
export function setSigned(image: ImageData, at: number, share: number): void {
  image.data.set(share > 0 ? blue! : orange!, at);
  image.data[at + 3] = 255 * Math.abs(share);
}

// Paints brightnesses from 0 to 255, row by row; the brightness becomes the opacity of the ink.
export function paint(canvas: HTMLCanvasElement, brightness: ArrayLike<number>): void {
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(canvas.width, canvas.height);
  for (let i = 0; i < brightness.length; i++) image.data[4 * i + 3] = brightness[i]!;
  context.putImageData(image, 0, 0);
}
