// Digits: a net learns MNIST at full speed, and reads what is drawn on the pad, also meanwhile.
import type { Trainer } from "lanegrad";
import { fit } from "../data/fit_drawing";
import { extentsOf, headerSize } from "../data/idx";
import type { Pictures } from "../data/picture_habits";
import { button, make } from "../ui/dom";
import { megabytes, percent, probability } from "../ui/format";
import { paint, resize } from "../ui/ink";
import { Sheet, type Drawing } from "../ui/sheet";
import type { Asked } from "./attributes";
import type { Lab, Listener, Reading } from "./lab";
import { fetchFolder } from "./mnist_folder";

// The pictures of the test, as the pad takes them.
type TestPictures = Pictures & { image(index: number): Uint8Array };

export class Digits implements Lab {
  readonly name = "A network learns to read digits";
  readonly classes = true;
  readonly usual = {};
  readonly invitation = "It has learned nothing yet. Start fetches the digits.";
  readonly loading = "Fetching the digits.";
  readonly place: HTMLElement;
  private readonly sheet: Sheet;
  private readonly pick = button("A test digit", () => this.pickOne(), { disabled: true });
  private readonly answer = make("output", {}, "–");
  private readonly said = make("span", { className: "hidden", ariaLive: "polite" });
  private readonly bars = make("ol", { ariaLabel: "Probability of each answer" });
  private trainer: Trainer | undefined;
  private pictures: TestPictures | undefined;
  private picked = 0;
  // What the net sees: [H · W] from 0 to 1.
  private seen: Float32Array | undefined;

  constructor(
    private readonly asked: Asked,
    private readonly base: string,
  ) {
    const canvas = make("canvas", { className: "ink", tabIndex: 0, ariaLabel: "Drawing pad" });
    canvas.setAttribute("role", "application");
    const pen = make("span", { className: "pen", ariaHidden: "true" });
    const say = (sentence: string) => void (this.said.textContent = sentence);
    this.sheet = new Sheet({ canvas, pen, say, onDrawn: (drawing) => this.drawn(drawing) });
    this.bars.setAttribute("part", "answers");
    for (const each of [this.pick]) each.setAttribute("part", "button");
    const clear = button("Clear", () => this.sheet.clear());
    clear.setAttribute("part", "button");
    const paper = make("div", { className: "sheet" }, canvas, pen);
    paper.setAttribute("part", "pad");
    this.place = make(
      "div",
      { className: "pad" },
      make(
        "div",
        {},
        paper,
        make("p", { className: "help" }, "Draw a digit. Arrow keys move the pen, Space lowers it."),
        make("p", { className: "buttons" }, clear, this.pick),
      ),
      make("div", {}, make("p", { className: "answer" }, "It reads ", this.answer), this.bars),
      this.said,
    );
    this.showAnswers(undefined, 10);
  }

  async data(signal: AbortSignal, tell: (news: string) => void) {
    const files = await fetchFolder(this.asked.data, this.base, signal, (bytes) =>
      tell(`${megabytes(bytes)} MB`),
    );
    const { trainImages, trainLabels, testImages, testLabels } = files;
    this.pictures = picturesOf(testImages);
    return {
      train: { kind: "idx" as const, images: trainImages.stream(), labels: trainLabels },
      test: { kind: "idx" as const, images: testImages, labels: testLabels },
    };
  }

  use(trainer: Trainer | undefined): void {
    this.trainer = trainer;
    this.pick.disabled = !trainer;
    if (trainer) {
      const { width, height } = this.pictures!;
      if (width !== 28 || height !== 28) this.sheet.shape({ width, height });
    }
    this.showAnswers(undefined, trainer?.info.outputs ?? 10);
  }

  async run(trainer: Trainer, signal: AbortSignal, listener: Listener): Promise<boolean> {
    let testAccuracy = NaN;
    const stop = () => void trainer.stop().catch(() => {});
    signal.addEventListener("abort", stop);
    try {
      const { state } = await trainer.train({
        onProgress(progress) {
          const { step, epoch, epochs, steps, losses, trainLoss, trainAccuracy, epochDone } =
            progress;
          steps.forEach((at, i) => listener.point(at, losses[i]!));
          testAccuracy = epochDone?.testAccuracy ?? testAccuracy;
          listener.reading({
            step,
            epoch,
            epochs,
            loss: trainLoss,
            accuracy: trainAccuracy,
            testAccuracy,
          });
        },
      });
      return state === "finished";
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  async refresh(): Promise<void> {
    const { trainer, seen } = this;
    if (!trainer || !seen) return;
    const answers = await trainer.predict(seen, 1);
    if (this.seen === seen && this.trainer === trainer) this.showAnswers(answers, answers.length);
  }

  verdict({ testAccuracy }: Reading): string {
    return `It reads ${percent(testAccuracy)} of the test’s digits right.`;
  }

  private drawn(drawing: Drawing | undefined): void {
    this.seen =
      drawing && Float32Array.from(fit(drawing, this.pictures).seen, (value) => value / 255);
    this.ask();
  }

  private pickOne(): void {
    const { pictures } = this;
    if (!pictures) return;
    const picture = pictures.image((this.picked += 7919) % pictures.count);
    const small = document.createElement("canvas");
    resize(small, pictures);
    paint(small, picture);
    this.sheet.lay(small);
    this.seen = Float32Array.from(picture, (value) => value / 255);
    this.ask();
  }

  private ask(): void {
    if (!this.seen) this.showAnswers(undefined, this.bars.children.length);
    // A trainer that is gone has said so already.
    else void this.refresh().catch(() => {});
  }

  private showAnswers(answers: Float32Array | undefined, count: number): void {
    if (this.bars.children.length !== count) {
      const row = (_: unknown, label: number) =>
        make("li", {}, String(label), make("i", {}, make("b")), make("span", {}, "–"));
      this.bars.replaceChildren(...Array.from({ length: count }, row));
    }
    const best = answers ? answers.indexOf(Math.max(...answers)) : -1;
    this.answer.textContent = best < 0 ? "–" : String(best);
    [...this.bars.children].forEach((row, i) => {
      row.classList.toggle("best", i === best);
      const share = answers?.[i] ?? 0;
      row.querySelector("b")!.style.width = `${100 * share}%`;
      row.querySelector("span")!.textContent = answers ? probability(share) : "–";
    });
  }
}

function picturesOf(file: Uint8Array): TestPictures | undefined {
  // What is no such file is refused by the engine, in its own words.
  if (file.length < headerSize(4)) return undefined;
  const extents = extentsOf(file);
  const [count = 0, ...shape] = extents;
  const [height = 0, width = 0] = shape.slice(-2);
  const size = width * height;
  const start = headerSize(extents.length);
  return {
    count,
    width,
    height,
    noun: width === 28 && height === 28 ? "digit" : "picture",
    image: (index) => file.subarray(start + index * size, start + (index + 1) * size),
  };
}
