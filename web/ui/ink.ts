// Small pictures on canvases of as many pixels: grey ones as ink, or plainly as they are, as those in colour always are.

export interface Size {
  readonly width: number;
  readonly height: number;
  // Whether pictures of this size are shown plainly.
  readonly plain?: boolean;
}

// Makes a canvas as large as a picture, which empties it.
export function resize(canvas: HTMLCanvasElement, { width, height, plain }: Size): void {
  canvas.width = width;
  canvas.height = height;
  canvas.classList.toggle("plain", !!plain);
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

// Paints brightnesses from 0 to 255, row by row, and red, green and blue one after the other. As ink, brightness is opacity.
export function paint(canvas: HTMLCanvasElement, brightness: ArrayLike<number>): void {
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(canvas.width, canvas.height);
  const count = canvas.width * canvas.height;
  const plain = brightness.length > 0 && canvas.classList.contains("plain");
  for (let i = 0; i < count; i++) {
    for (let c = 0; plain && c < 3; c++)
      image.data[4 * i + c] = brightness[(i + c * count) % brightness.length]!;
    image.data[4 * i + 3] = plain ? 255 : brightness[i]!;
  }
  context.putImageData(image, 0, 0);
}
