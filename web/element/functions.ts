// Functions: a small net learns a function of x, or classes on a plane, slowly enough to be watched.
import type { Trainer } from "lanegrad";
import { make } from "../ui/dom";
import { percent, loss } from "../ui/format";
import { classField, looks } from "../ui/plots/class_field";
import { paint } from "../ui/plots/color_field";
import { Plane, write } from "../ui/plots/plane";
import type { Asked } from "./attributes";
import type { Lab, Listener, Reading } from "./lab";
import { taskOf, type Task } from "./function_data";

// So many steps a second; an answer is drawn at most so often.
const pace = 400;
const betweenAnswers = 80;
const places = 121;
const grid = 33;

export class Functions implements Lab {
  readonly name: string;
  readonly classes: boolean;
  readonly usual;
  readonly invitation: string;
  readonly loading = "Starting the engine.";
  readonly place = make("div", { className: "plane" });
  private readonly plane: Plane;
  private readonly picture = document.createElement("canvas");
  // Where the net is asked, and what it answered.
  private readonly asks: Float32Array;
  private answers: Float32Array | undefined;
  private trainer: Trainer | undefined;
  private asking = false;

  /** The lab with what the attributes ask for; rejects with a sentence where that cannot be. */
  static async open({ data, seed }: Asked): Promise<Functions> {
    return new Functions(await taskOf(data, seed));
  }

  private constructor(private readonly task: Task) {
    this.classes = task.classes > 0;
    this.name = this.classes ? "A network learns classes" : "A network learns a function";
    const what = this.classes ? "the classes of these points" : "the function behind these points";
    this.invitation = `It has learned nothing yet of ${what}.`;
    this.usual = {
      net: this.classes
        ? "dense 16, tanh, dense 16, tanh, dense classes"
        : "dense 16, tanh, dense classes",
      optimizer: { name: "adam" as const, learningRate: this.classes ? 0.01 : 0.02 },
      batchSize: this.classes ? 50 : 20,
      epochs: this.classes ? 250 : 500,
    };
    const [low, high] = task.reach;
    const at = (i: number, count: number) => low + ((high - low) * i) / (count - 1);
    this.asks = this.classes
      ? Float32Array.from({ length: 2 * grid * grid }, (_, i) =>
          at(i % 2 === 0 ? (i >> 1) % grid : Math.floor((i >> 1) / grid), grid),
        )
      : Float32Array.from({ length: places }, (_, i) => at(i, places));
    this.place.setAttribute("part", "plane");
    this.plane = new Plane(this.place, () =>
      this.classes ? this.drawClasses() : this.drawCurve(),
    );
    this.describe();
  }

  data() {
    return Promise.resolve({ train: this.task.train });
  }

  use(trainer: Trainer | undefined): void {
    this.trainer = trainer;
    this.answers = undefined;
    this.plane.redraw();
    this.describe();
  }

  async run(trainer: Trainer, signal: AbortSignal, listener: Listener): Promise<boolean> {
    const { batchesPerEpoch, settings } = trainer.info;
    const epochs = settings.epochs!;
    let mean: { loss: number; accuracy: number } | undefined;
    let done = false;
    let begin = performance.now();
    for (let made = 0; !done && !signal.aborted;) {
      const { step, epoch, ...now } = await trainer.step();
      listener.point(step, now.loss);
      const slow = (old: number | undefined, value: number) =>
        old === undefined || Number.isNaN(old) ? value : old + 0.1 * (value - old);
      mean = { loss: slow(mean?.loss, now.loss), accuracy: slow(mean?.accuracy, now.accuracy) };
      done = step >= epochs * batchesPerEpoch || now.restored !== undefined;
      made++;
      if (!done && made < ((performance.now() - begin) * pace) / 1000) continue;
      listener.reading({ step, epoch, epochs, ...mean, testAccuracy: NaN });
      await nextFrame();
      // After a time out of sight it does not catch up.
      if (performance.now() - begin > 1000) [begin, made] = [performance.now(), 0];
    }
    return done;
  }

  async refresh(): Promise<void> {
    const { trainer, asks } = this;
    if (!trainer || this.asking) return;
    this.asking = true;
    try {
      const answers = await trainer.predict(asks, this.classes ? grid * grid : places);
      if (this.trainer !== trainer) return;
      this.answers = answers;
      this.plane.redraw();
      this.describe();
      await new Promise((resolve) => setTimeout(resolve, betweenAnswers));
    } finally {
      this.asking = false;
    }
  }

  repaint(): void {
    this.plane.redraw();
  }

  verdict(reading: Reading): string {
    return this.classes
      ? `It puts ${percent(reading.accuracy)} of its points into the right class.`
      : `Its loss is ${loss(reading.loss)}.`;
  }

  private drawCurve(): void {
    const { plane, task, asks, answers } = this;
    const truth = Float32Array.from(asks, (x) => task.truth!(x));
    const all = [...task.values, ...truth].filter(Number.isFinite);
    const [least, most] = [Math.min(...all), Math.max(...all)];
    const room = 0.12 * (most - least) || 0.5;
    plane.setAxes({ x: task.reach, y: [least - room, most + room], xName: "x", yName: "" });
    plane.frame();
    plane.dots(task.inputs, task.values, {
      color: "--muted",
      shape: "circle",
      size: 3.4,
      hollow: true,
    });
    plane.line(asks, truth, { color: "--test", width: 2, dash: [7, 5] });
    if (answers) plane.line(asks, answers, { color: "--train", width: 2.75 });
  }

  private drawClasses(): void {
    const { plane, task, answers } = this;
    const { classes, inputs, values } = task;
    plane.setAxes({ x: task.reach, y: task.reach, xName: "x", yName: "y" });
    if (answers) {
      const color = (name: string) => hex(plane.color(name));
      paint(this.picture, classField(color, { size: grid, classes, values: answers }));
      plane.image(this.picture);
    }
    plane.frame(!answers);
    for (let label = 0; label < classes; label++) {
      const of = (axis: number) =>
        inputs.filter((_, i) => i % 2 === axis && values[i >> 1] === label);
      plane.dots(of(0), of(1), { ...looks[label]!, size: 3.6 });
    }
  }

  // Says in words what is drawn, for people who do not see it.
  private describe(): void {
    const { plane, task, answers, asks } = this;
    const points = `${task.values.length} points`;
    const said = [0, 30, 60, 90, 120].map((i) => write(asks[i]!, 3)).join(", ");
    const is = answers && [0, 30, 60, 90, 120].map((i) => write(answers[i]!, 3)).join(", ");
    plane.canvas.ariaLabel = this.classes
      ? `${points} in ${task.classes} classes${answers ? ", and the net’s probabilities behind them" : ""}.`
      : `${points} of a function${is ? `; at x = ${said} the net answers ${is}` : ""}.`;
  }
}

// Any colour of CSS in hexadecimal digits, which the field of colours is mixed of.
function hex(color: string): string {
  const context = make("canvas", { width: 1, height: 1 }).getContext("2d")!;
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const bytes = [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  return `#${bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
