// A net from a file, which answers beside the net of the run: for the selected picture, and for all test pictures.
// It has no data and learns nothing.
import { importNet } from "lanegrad/formats";
import { Net } from "lanegrad/predict";
import { button, chooseFiles, make, paragraph, setText } from "../../../ui/dom";
import * as format from "../../../ui/format";
import { retriable } from "../../../ui/problems";
import { nextTask } from "../../../run/next_task";
import type { LanegradError } from "lanegrad";
import type { DigitsRun } from "../run/digits_run";
import type { PictureSet } from "../run/picture_set";

const introduction =
  "A saved run can be asked without its data, also one that learned other pictures, and so can an ONNX file: the file is enough. Weights from " +
  "PyTorch (safetensors or npz) are put into the net that is chosen. The run in hand stays as it is.";

// The pictures that are asked in one piece of work.
const piece = 500;

export class Trial {
  readonly element: HTMLElement;
  private readonly about = make("p", { test: "trial-about" });
  private readonly answer = make("p", { role: "status", test: "trial-answer" });
  private readonly score = make("p", { role: "status", test: "trial-score" });
  private readonly all = button("Ask it all test pictures", () => void this.askAll(), {
    hidden: true,
    test: "trial-all",
  });
  private net: Net | undefined;
  // Counts the nets and pictures, so that answers to earlier ones are not shown.
  private turn = 0;

  constructor(private readonly run: DigitsRun) {
    const file = make("input", {
      type: "file",
      accept: ".safetensors,.gz,.onnx,.npz",
      hidden: true,
      ariaLabel: "The file of a net",
      test: "trial-file",
    });
    const choose = button("Choose a file", () => {});
    chooseFiles(choose, file, ([chosen]) => void this.open(chosen!));
    this.element = make(
      "section",
      {},
      make("h4", {}, "Ask a net from a file"),
      paragraph("note", introduction),
      make("div", { className: "buttons" }, choose, file, this.all),
      ...[this.about, this.answer, this.score],
    );
    run.onAny(["selected", "pictures"], () => this.show());
  }

  private async open(file: File): Promise<void> {
    const turn = ++this.turn;
    let net: Net;
    try {
      net = await Net.load(await this.read(file));
    } catch (error) {
      this.run.show(retriable(error, () => void this.open(file)));
      return;
    }
    if (turn !== this.turn) return;
    this.net?.dispose();
    this.net = net;
    this.all.hidden = false;
    const [channels = 1, height, width] = net.sampleShape;
    const takes =
      height === undefined
        ? format.counted(channels, "number")
        : `pictures of ${format.extents(height, width!)} pixels`;
    setText(
      this.about,
      `${file.name}: ${net.text}. It takes ${takes} and answers with ${format.counted(net.outputs, "number")}.`,
    );
    this.show();
  }

  // The file as a net's own; weights alone are put into the net that is chosen, for the pictures in hand.
  private async read(file: File): Promise<Uint8Array> {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const { name } = file;
    if (name.endsWith(".gz")) return bytes;
    try {
      return (await importNet(bytes, { name })).file;
    } catch (error) {
      const { pictures, settings } = this.run;
      const lacksNet = (error as Partial<LanegradError>).code === "InvalidArgument";
      if (!lacksNet || !pictures) throw error;
      const inputs = [pictures.channels, pictures.height, pictures.width];
      return (await importNet(bytes, { name, net: settings.net, inputs })).file;
    }
  }

  // Why this net cannot be asked these pictures; undefined where it can.
  private misfit(net: Net, { channels, height, width, noun }: PictureSet): string | undefined {
    const shape = net.sampleShape.join(", ");
    if (shape === `${channels}, ${height}, ${width}`) return undefined;
    return `It takes samples of shape [${shape}], and the ${noun}s in hand are ${format.extents(height, width)}.`;
  }

  private called(net: Net, label: number, pictures: PictureSet): string {
    const name = net.classNames[label] ?? pictures.names[label] ?? String(label);
    return pictures.noun === "digit" ? `a ${name}` : name;
  }

  // Says what the net makes of the selected picture.
  private show(): void {
    const { net, run } = this;
    const { pictures, selected } = run;
    setText(this.score, "");
    if (!net || !pictures || !selected) return;
    const misfit = this.misfit(net, pictures);
    this.all.disabled = misfit !== undefined;
    if (misfit) return setText(this.answer, misfit);
    const { probabilities, labels } = net.predict(selected.pixels);
    const label = labels[0]!;
    const share = format.probability(probabilities[label]!);
    const reads = `It reads ${selected.called} as ${this.called(net, label, pictures)}, with ${share}.`;
    setText(this.answer, format.unbroken(reads));
  }

  private async askAll(): Promise<void> {
    const { net, run } = this;
    const { pictures } = run;
    if (!net || !pictures) return;
    const turn = ++this.turn;
    let right = 0;
    try {
      for (let first = 0; first < pictures.count; first += piece) {
        const count = Math.min(piece, pictures.count - first);
        const indices = Array.from({ length: count }, (_, i) => first + i);
        const { labels } = net.predict(pictures.inputs(indices));
        for (const [i, index] of indices.entries()) {
          if (labels[i] === pictures.label(index)) right++;
        }
        await nextTask();
        if (turn !== this.turn || pictures !== run.pictures) return;
      }
    } catch (error) {
      run.show(retriable(error, () => void this.askAll()));
      return;
    }
    const pile = `${format.counted(pictures.count, `test ${pictures.noun}`)}`;
    setText(
      this.score,
      `It reads ${format.percent(right / pictures.count)} of the ${pile} right: ${format.grouped(right)}.`,
    );
  }
}
