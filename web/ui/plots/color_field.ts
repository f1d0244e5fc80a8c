// Numbers on a square grid as a picture. Each pixel has the colour of the numbers there,
// interpolated smoothly between the places of the grid, with lines where one band of numbers ends.

export type Rgb = [number, number, number];

export interface ColorField {
  // The number of places along each side; rows go from below upwards.
  size: number;
  // The number of numbers at each place.
  channels: number;
  // The numbers: [size, size, channels].
  values: Float32Array;
  // The pixels from one place to the next.
  detail: number;
  color(values: Float64Array, out: Rgb): void;
  band?(values: Float64Array): number;
  // The colour of the lines between bands.
  ink?: Rgb;
}

export function paint(canvas: HTMLCanvasElement, field: ColorField): void {
  const { size, channels, values, detail, color, band, ink } = field;
  const side = (size - 1) * detail + 1;
  if (canvas.width !== side) canvas.width = canvas.height = side;
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(side, side);
  const { data } = image;
  const bands = new Int32Array(band ? side * side : 0);
  const here = new Float64Array(channels);
  const out: Rgb = [0, 0, 0];
  for (let row = 0; row < side; row++) {
    const j = Math.min(Math.floor(row / detail), size - 2);
    const up = row / detail - j;
    for (let column = 0; column < side; column++) {
      const i = Math.min(Math.floor(column / detail), size - 2);
      const right = column / detail - i;
      const first = (j * size + i) * channels;
      for (let c = 0; c < channels; c++) {
        const at = first + c;
        const lower = values[at]! + right * (values[at + channels]! - values[at]!);
        const above = at + size * channels;
        const upper = values[above]! + right * (values[above + channels]! - values[above]!);
        here[c] = lower + up * (upper - lower);
      }
      color(here, out);
      const pixel = (side - 1 - row) * side + column;
      if (band) bands[pixel] = band(here);
      const byte = 4 * pixel;
      data[byte] = out[0];
      data[byte + 1] = out[1];
      data[byte + 2] = out[2];
      data[byte + 3] = 255;
    }
  }
  if (band && ink) {
    for (let pixel = 0; pixel < side * (side - 1); pixel++) {
      const besides = pixel % side < side - 1 ? bands[pixel + 1] : bands[pixel];
      if (bands[pixel] !== besides || bands[pixel] !== bands[pixel + side]) {
        data.set(ink, 4 * pixel);
      }
    }
  }
  context.putImageData(image, 0, 0);
}

// The colour that a text such as "#0072b2" or "#fff" names.
export function rgb(color: string): Rgb {
  const digits = color.slice(1);
  const number = parseInt(digits.length === 3 ? digits.replace(/./g, "$&$&") : digits, 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}

export function mix(from: Rgb, to: Rgb, share: number, out: Rgb): void {
  // A share that is no number counts as 0.
  const s = share > 0 ? Math.min(1, share) : 0;
  for (let c = 0; c < 3; c++) out[c] = from[c]! + s * (to[c]! - from[c]!);
}

// The colours from −most to most: blue above 0, orange below, paper at 0.
export function diverging(color: (name: string) => string, most: number): ColorField["color"] {
  const [paper, blue, orange] = ["--raised", "--train", "--test"].map((name) => rgb(color(name)));
  return ([value], out) => mix(paper!, value! > 0 ? blue! : orange!, Math.abs(value!) / most, out);
}

// The largest absolute value among the numbers.
export function largest(...all: ArrayLike<number>[]): number {
  let most = 0;
  for (const values of all) {
    for (let i = 0; i < values.length; i++) {
      const size = Math.abs(values[i]!);
      if (size > most && Number.isFinite(size)) most = size;
    }
  }
  return most || 1;
}
