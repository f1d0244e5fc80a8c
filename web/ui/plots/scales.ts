// The axes of the two figures. Both are logarithmic, in the loss and in the share of errors, so
// that the late, small gains show as well as the early, large ones.
import * as format from "../format";
import { roundNumbers } from "./axis";

export interface ChartOptions {
  name: string; // "Loss"
  // Whether the value falls as it gets better; otherwise it rises.
  falls: boolean;
  // The value as text, as everywhere in the page.
  write(value: number): string;
  // The text beside one of the lines, which are at round numbers.
  writeLine(value: number): string;
  // The place of a value on the axis; fromAxis is the inverse.
  toAxis(value: number): number;
  fromAxis(place: number): number;
  // The values that have a line, in order, for curves from the lowest to the highest value; the
  // first and the last are the ends of the axis.
  lines(lowest: number, highest: number): number[];
  range(lowest: number, highest: number): [number, number];
}

const losses = roundNumbers(-9, 6);

export const lossScale: ChartOptions = {
  name: "Loss",
  falls: true,
  write: format.loss,
  writeLine: (value) =>
    value >= 1e6 || value < 1e-4
      ? format.scientific(value)
      : value >= 1000
        ? format.grouped(value)
        : String(Number(value.toPrecision(3))),
  toAxis: (value) => Math.log10(Math.max(value, losses[0]!)),
  fromAxis: (place) => 10 ** place,
  // Only powers of ten have lines where more would be too close.
  lines: (lowest, highest) => {
    const within = (line: number) => lowest <= line && line <= highest;
    const all = losses.filter(within);
    return all.length > 10 ? losses.filter((line, i) => i % 3 === 0 && within(line)) : all;
  },
  range: (lowest, highest) => [
    losses.findLast((line) => line <= 0.9 * Math.min(lowest, 0.2)) ?? losses[0]!,
    Math.min(Math.max(3, highest), losses.at(-1)!),
  ],
};

// All that is nearer to 100 % than this stands at the end of the axis.
const nearlyAll = 0.9999;
const accuracies = [0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, nearlyAll];

export const accuracyScale: ChartOptions = {
  name: "Accuracy",
  falls: false,
  write: format.percent,
  writeLine: (value) =>
    format.percentage(value === nearlyAll ? 100 : Number((100 * value).toFixed(2))),
  toAxis: (value) => -Math.log10(1 - Math.min(value, nearlyAll)),
  fromAxis: (place) => 1 - 10 ** -place,
  lines: (lowest, highest) => accuracies.filter((line) => lowest <= line && line <= highest),
  range: (_, highest) => [
    0,
    accuracies.find((line) => line > Math.max(highest, 0.94)) ?? nearlyAll,
  ],
};
