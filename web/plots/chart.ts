// One figure: training (each point faint, their running mean solid) against test (dashed) and, where there
// is one, validation (dotted), one point per epoch each, over epochs. Draws with uPlot when told to; follows the colour scheme and its own width.
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { CurveKey, type Curve } from "./key";
import { Series } from "./series";

export interface ChartOptions {
  name: string; // "Loss"
  write(value: number): string;
  // Where a value stands on the axis, and the way back.
  toAxis(value: number): number;
  fromAxis(place: number): number;
  // The values from lowest to highest that have a line, in order, and how far the axis reaches for curves
  // from lowest to highest.
  lines(lowest: number, highest: number): number[];
  range(lowest: number, highest: number): [number, number];
}

class Points {
  x: number[] = [];
  y: number[] = [];
}

export class Chart {
  private readonly training = new Series();
  private readonly ended = { validation: new Points(), test: new Points() };
  private readonly plot: uPlot;
  private readonly key = new CurveKey();
  private lowest = Infinity;
  private highest = -Infinity;
  private epochs = 1;

  constructor(
    private readonly figure: HTMLElement,
    private readonly options: ChartOptions,
  ) {
    const box = document.createElement("div");
    box.className = "plot";
    figure.prepend(this.key.element, box);
    this.plot = new uPlot(this.uplotOptions(box), this.data(), box);
    this.plot.ctx.canvas.setAttribute("role", "img");
    this.draw();

    new ResizeObserver(() => this.plot.setSize(sizeOf(box))).observe(box);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  // `epoch` is a fraction: where in the run the step stands.
  add(step: number, epoch: number, value: number): void {
    this.training.add(step, epoch, value);
    this.stretch(this.training.latest);
  }

  // What was measured at an epoch's end; NaN is no value.
  addEpoch(curve: "validation" | "test", epoch: number, value: number): void {
    if (!Number.isFinite(value)) return;
    this.ended[curve].x.push(epoch);
    this.ended[curve].y.push(value);
    this.stretch(value);
  }

  // How far the axis reaches.
  setEpochs(epochs: number): void {
    this.epochs = epochs;
  }

  reset(): void {
    this.training.reset();
    for (const { x, y } of Object.values(this.ended)) x.length = y.length = 0;
    this.lowest = Infinity;
    this.highest = -Infinity;
  }

  // All points as plain data, and back.
  points() {
    const { ended, lowest, highest } = this;
    return { training: this.training.state(), ended, lowest, highest };
  }
  setPoints({ training, ended, lowest, highest }: ReturnType<Chart["points"]>): void {
    this.training.setState(training);
    for (const curve of ["validation", "test"] as const) {
      this.ended[curve].x = [...ended[curve].x];
      this.ended[curve].y = [...ended[curve].y];
    }
    Object.assign(this, { lowest, highest });
  }

  draw(): void {
    this.plot.setData(this.data());
    this.showValues();
  }

  private stretch(value: number): void {
    this.lowest = Math.min(this.lowest, value);
    this.highest = Math.max(this.highest, value);
  }

  private data(): uPlot.AlignedData {
    const { x, y, smooth } = this.training;
    const { validation, test } = this.ended;
    return uPlot.join([
      [x, y, smooth],
      [validation.x, validation.y],
      [test.x, test.y],
    ]);
  }

  // In the key those under the pointer, or else the latest; the latest also for screen readers.
  private showValues(): void {
    const { name, write } = this.options;
    const { validation, test } = this.ended;
    const latest: Record<Curve, number> = {
      train: this.training.latest,
      validation: validation.y.at(-1) ?? NaN,
      test: test.y.at(-1) ?? NaN,
    };
    const at = this.plot.cursor.idx;
    const columns = this.plot.data as (number | null | undefined)[][];
    for (const [curve, column] of [
      ["train", 2],
      ["validation", 3],
      ["test", 4],
    ] as const) {
      this.key.show(curve, at == null ? latest[curve] : near(columns[column]!, at), write);
    }

    const others = (["validation", "test"] as const)
      .filter((curve) => Number.isFinite(latest[curve]))
      .map((curve) => `, ${curve} ${write(latest[curve])}`);
    const summary = Number.isFinite(latest.train)
      ? `${name} over ${this.epochs} epochs: training ${write(latest.train)}${others.join("")}`
      : `${name}: no training yet`;
    this.plot.ctx.canvas.setAttribute("aria-label", `${summary}. The table below has the numbers.`);
  }

  private uplotOptions(box: HTMLElement): uPlot.Options {
    const { options } = this;
    const color = (name: string) => () => getComputedStyle(this.figure).getPropertyValue(name);
    const axis: uPlot.Axis = {
      stroke: color("--muted"),
      font: '13px "Source Sans 3", system-ui, sans-serif',
      grid: { stroke: color("--grid"), width: 1 },
      ticks: { show: false },
    };
    const atEpochs = (name: string, dash: number[]): uPlot.Series => ({
      stroke: color(name),
      width: 2,
      dash,
      spanGaps: true,
      points: { show: true, size: 7, fill: color(name) },
    });
    return {
      ...sizeOf(box),
      padding: [8, 8, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
      hooks: { setCursor: [() => this.plot && this.showValues()] },
      scales: {
        x: { time: false, range: () => [0, this.epochs] },
        y: {
          distr: 100,
          fwd: options.toAxis,
          bwd: options.fromAxis,
          range: () => options.range(this.lowest, this.highest),
        },
      },
      axes: [
        {
          ...axis,
          size: 26,
          gap: 4,
          space: 48,
          incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
          label: "epoch",
          labelFont: axis.font!,
          labelSize: 18,
          labelGap: 0,
        },
        {
          ...axis,
          size: 48,
          gap: 6,
          space: 28,
          splits: (_, __, min, max) => options.lines(min, max),
          filter: (_, lines) => lines,
          values: (_, splits) =>
            splits.map((value) => (value === null ? "" : options.write(value))),
        },
      ],
      series: [
        {},
        { stroke: color("--train"), width: 1, alpha: 0.22, points: { show: false } },
        {
          stroke: color("--train"),
          width: 2.25,
          spanGaps: true,
          // The first few steps are too few to make a line.
          points: {
            show: (_, __, first, last) => last - first < 20,
            size: 5,
            fill: color("--train"),
          },
        },
        atEpochs("--validation", [2, 4]),
        atEpochs("--test", [7, 5]),
      ],
    };
  }
}

// The last value at or before an index.
function near(values: (number | null | undefined)[], index: number): number {
  for (let i = index; i >= 0; i--) {
    const value = values[i];
    if (value !== null && value !== undefined) return value;
  }
  return NaN;
}

const sizeOf = (box: HTMLElement) => ({ width: box.clientWidth, height: box.clientHeight });
