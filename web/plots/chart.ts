// One figure: training (each point faint, their running mean solid) against test (dashed) and, where there
// is one, validation (dotted), one point per epoch each, over epochs; behind them the curves of kept runs. Draws
// with uPlot when told to; follows the colour scheme and its own width.
import uPlot from "uplot";
import { lazy } from "../lazy";
import "uplot/dist/uPlot.min.css";
import { drawKept, drawLetters, extent, line, valueAt, type KeptCurves } from "./kept";
import { CurveKey, type Curve } from "./key";
import { Series } from "./series";

export interface ChartOptions {
  name: string; // "Loss"
  falls: boolean; // as it gets better; else it rises
  write(value: number): string; // as everywhere in the page
  writeLine(value: number): string; // one of the lines, which are round numbers
  // Where a value stands on the axis, and the way back.
  toAxis(value: number): number;
  fromAxis(place: number): number;
  // The values from lowest to highest that have a line, in order, and how far the axis reaches for curves
  // from lowest to highest.
  lines(lowest: number, highest: number): number[];
  range(lowest: number, highest: number): [number, number];
}

// A step to be seen in the figure, and where it stands on the axis of epochs.
export interface Mark {
  at: number;
  step: number;
}

const loadPicture = lazy(() => import("./picture"), "picture");

class Points {
  x: number[] = [];
  y: number[] = [];
}

export class Chart {
  private readonly training = new Series();
  private readonly ended = { validation: new Points(), test: new Points() };
  private readonly plot: uPlot;
  private readonly key = new CurveKey();
  private kept: readonly KeptCurves[] = [];
  private lowest = Infinity;
  private highest = -Infinity;
  private epochs = 1;
  private marked: Mark | undefined;

  constructor(
    private readonly figure: HTMLElement,
    private readonly options: ChartOptions,
  ) {
    const box = document.createElement("div");
    box.className = "plot";
    figure.prepend(this.key.element, box);
    this.plot = new uPlot(this.uplotOptions(sizeOf(box)), this.data(), box);
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

  // A line at one step, or none.
  mark(mark: Mark | undefined): void {
    this.marked = mark;
  }

  reset(): void {
    this.training.reset();
    this.marked = undefined;
    for (const { x, y } of Object.values(this.ended)) x.length = y.length = 0;
    this.lowest = Infinity;
    this.highest = -Infinity;
  }

  // Earlier runs to draw beside this one; they outlive it.
  setKept(kept: readonly KeptCurves[]): void {
    this.kept = kept;
    this.draw();
  }

  // A picture of it as it stands; `about` says in a line what run it is of.
  async picture(about: string): Promise<HTMLCanvasElement> {
    const { kept } = this;
    const { picture } = await loadPicture();
    return picture({
      title: this.options.name,
      about,
      curves: (["train", "test", "validation"] as const).filter(
        (curve) => curve === "train" || this.ended[curve].x.length > 0,
      ),
      kept: kept.map(({ name }) => name),
      color: (name) => this.color(name),
      options: (size, scale) => this.uplotOptions(size, scale),
      data: this.data(),
    });
  }

  // All points, a row for each place on the axis, with a head; a cell is undefined where a curve has no point.
  table(): (string | number | null | undefined)[][] {
    const columns = uPlot.join([
      this.data() as uPlot.AlignedData,
      ...this.kept.flatMap(({ points }) => [
        line(points, "training"),
        line(points, "validation"),
        line(points, "test"),
      ]),
    ]);
    const names = ["training", "validation", "test"];
    const kept = this.kept.flatMap(({ name }) =>
      names.map((curve) => `kept run ${name}: ${curve}`),
    );
    return [
      ["epoch", "training at each step", ...names, ...kept],
      ...Array.from(columns[0], (_, row) => columns.map((column) => column[row])),
    ];
  }

  // All points as plain data, and back.
  points() {
    const { ended, lowest, highest } = this;
    return { training: this.training.state(), ended, lowest, highest };
  }
  setPoints({ training, ended, lowest, highest }: ChartPoints): void {
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
    const place = at == null ? undefined : columns[0]![at]!;
    const kept = this.kept.map(({ name, points }) => ({
      name,
      train: valueAt(points, "training", place),
      test: valueAt(points, "test", place),
    }));
    this.key.showKept(kept, write);

    const others = (["validation", "test"] as const)
      .filter((curve) => Number.isFinite(latest[curve]))
      .map((curve) => `, ${curve} ${write(latest[curve])}`);
    const summary = Number.isFinite(latest.train)
      ? `${name} over ${this.epochs} epochs: training ${write(latest.train)}${others.join("")}`
      : `${name}: no training yet`;
    const mark = this.marked ? ` Step ${this.marked.step} is marked.` : "";
    const beside = this.kept.map(({ name, points }) => {
      const [train, test] = [valueAt(points, "training"), valueAt(points, "test")];
      return `; kept run ${name}: training ${write(train)}${Number.isFinite(test) ? `, test ${write(test)}` : ""}`;
    });
    this.plot.ctx.canvas.setAttribute(
      "aria-label",
      `${summary}${beside.join("")}.${mark} The table below has the numbers.`,
    );
  }

  private drawMark(plot: uPlot, scale: number): void {
    if (!this.marked) return;
    const { ctx, bbox } = plot;
    const x = Math.min(
      Math.max(plot.valToPos(this.marked.at, "x", true), bbox.left + scale),
      bbox.left + bbox.width - scale,
    );
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = this.color("--wrong");
    ctx.lineWidth = 1.5 * scale;
    ctx.setLineDash([2 * scale, 3 * scale]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.font = `600 ${13 * scale}px "Source Sans 3", system-ui, sans-serif`;
    const isLeft = x < bbox.left + bbox.width / 2;
    ctx.textAlign = isLeft ? "left" : "right";
    const text = `step ${this.marked.step.toLocaleString("en-US")}`;
    // Where the curve is not: what died at the left stays bad, what dies at the right was good before.
    const isBelow = this.options.falls === isLeft;
    ctx.textBaseline = isBelow ? "bottom" : "top";
    const y = isBelow ? bbox.top + bbox.height - 4 * scale : bbox.top + 4 * scale;
    ctx.fillText(text, x + (isLeft ? 6 : -6) * scale, y);
    ctx.restore();
  }

  private color(name: string): string {
    return getComputedStyle(this.figure).getPropertyValue(name);
  }

  // `scale` times as large, and with its axis named, for a picture.
  private uplotOptions(size: Size, scale?: number): uPlot.Options {
    const { options } = this;
    const times = (length: number) => length * (scale ?? 1);
    const color = (name: string) => () => this.color(name);
    const font = `${times(13)}px "Source Sans 3", system-ui, sans-serif`;
    const axis: uPlot.Axis = {
      stroke: color("--muted"),
      font,
      labelFont: font,
      labelSize: times(18),
      labelGap: 0,
      grid: { stroke: color("--grid"), width: times(1) },
      ticks: { show: false },
    };
    const atEpochs = (name: string, dash: number[]): uPlot.Series => ({
      stroke: color(name),
      width: times(2),
      dash: dash.map((length) => times(length) * uPlot.pxRatio), // uPlot takes them as they are
      spanGaps: true,
      points: { show: true, size: times(7), fill: color(name) },
    });
    const kept = () => (this.kept.length > 0 ? extent(this.kept) : undefined);
    return {
      ...size,
      padding: [times(8), times(8), 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
      hooks: {
        setCursor: [(plot) => plot === this.plot && this.showValues()],
        drawAxes: [
          (plot) => drawKept(plot, this.kept, (name) => this.color(name), times(uPlot.pxRatio)),
        ],
        draw: [
          (plot) => drawLetters(plot, this.kept, (name) => this.color(name), times(uPlot.pxRatio)),
          (plot) => this.drawMark(plot, times(uPlot.pxRatio)),
        ],
      },
      scales: {
        x: { time: false, range: () => [0, Math.max(this.epochs, kept()?.epochs ?? 0)] },
        y: {
          distr: 100,
          fwd: options.toAxis,
          bwd: options.fromAxis,
          range: () => {
            const { lowest = Infinity, highest = -Infinity } = kept() ?? {};
            return options.range(Math.min(this.lowest, lowest), Math.max(this.highest, highest));
          },
        },
      },
      axes: [
        {
          ...axis,
          size: times(26),
          gap: times(4),
          space: times(48),
          incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
          label: "epoch",
        },
        {
          ...axis,
          ...(scale !== undefined && { label: options.name.toLowerCase() }),
          size: times(48),
          gap: times(6),
          space: times(28),
          splits: (_, __, min, max) => options.lines(min, max),
          filter: (_, lines) => lines,
          values: (_, splits) =>
            splits.map((value) => (value === null ? "" : options.writeLine(value))),
        },
      ],
      series: [
        {},
        { stroke: color("--train"), width: times(1), alpha: 0.22, points: { show: false } },
        {
          stroke: color("--train"),
          width: times(2.25),
          spanGaps: true,
          // The first few steps are too few to make a line.
          points: {
            show: (_, __, first, last) => last - first < 20,
            size: times(5),
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

export type ChartPoints = ReturnType<Chart["points"]>;

interface Size {
  width: number;
  height: number;
}

const sizeOf = (box: HTMLElement): Size => ({ width: box.clientWidth, height: box.clientHeight });
