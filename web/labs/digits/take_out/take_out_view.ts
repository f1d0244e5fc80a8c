// The panel that writes the net of the run in hand as files of other programs.
import "./take_out.css";
import { exportNet, zip, type ExportedFiles, type NetFormat } from "lanegrad/formats";
import { downloadBlob } from "../../../ui/download";
import { button, make, paragraph, setText } from "../../../ui/dom";
import * as format from "../../../ui/format";
import { lazy } from "../../../ui/lazy";
import { retriable } from "../../../ui/problems";
import type { DigitsRun } from "../run/digits_run";
import { Trial } from "./trial";

interface Way {
  /** A format of the package, or a page. */
  to: NetFormat | "page";
  title: string;
  text: string;
  /** Whether it can answer with probabilities. */
  answers?: boolean;
}

const ways: readonly Way[] = [
  {
    to: "page",
    title: "your own page",
    text: "A folder for any web server: draw or choose a picture, and the net answers. Nothing else is needed.",
  },
  {
    to: "onnx",
    title: "ONNX",
    text: "One file for ONNX Runtime, in a page, in Python, on a phone. It takes [pictures, channels, height, width].",
    answers: true,
  },
  {
    to: "safetensors",
    title: "PyTorch",
    text: "The weights, and a short program that defines the net and loads them. It needs torch and numpy.",
  },
  {
    to: "tfjs",
    title: "TensorFlow.js",
    text: "A layers model for tf.loadLayersModel. It takes [pictures, height, width, channels].",
    answers: true,
  },
  {
    to: "npz",
    title: "numpy",
    text: "The weights alone, as arrays with PyTorch’s names.",
  },
];

const loadPage = lazy(() => import("./own_page"), "ownPage");

const introduction =
  "The net as it is now, with the weights that answer, as a file for other programs. All but the last take pixels from " +
  "0 to 1; what this page does to them before the first layer is in the file. “Save”, beside “Start”, keeps the whole " +
  "run instead, for this page and for the terminal.";

export class View {
  private readonly softmax = make("input", {
    type: "checkbox",
    checked: true,
    test: "take-out-softmax",
  });
  private readonly said = make("p", { className: "note", role: "status", test: "take-out-said" });
  private readonly buttons: HTMLButtonElement[] = [];

  constructor(
    host: HTMLElement,
    private readonly run: DigitsRun,
  ) {
    const rows = ways.map((way) => {
      const save = button(`Save for ${way.title}`, () => void this.save(way), {
        test: `take-out-${way.to}`,
      });
      this.buttons.push(save);
      return make("li", {}, save, make("p", {}, way.text));
    });
    host.append(
      paragraph("note", introduction),
      make("ul", { className: "ways" }, ...rows),
      make(
        "label",
        { className: "answers" },
        this.softmax,
        "ONNX and TensorFlow.js: answer with probabilities, which add up to 1",
      ),
      this.said,
      new Trial(run).element,
    );
    run.on("status", () => this.showStatus());
    this.showStatus();
  }

  private showStatus(): void {
    const { status } = this.run;
    for (const save of this.buttons) save.disabled = status === "loading" || status === "failed";
  }

  private async save(way: Way): Promise<void> {
    const { run } = this;
    try {
      const checkpoint = await run.net.snapshot();
      if (!checkpoint) return;
      const { name } = this;
      const softmax = way.answers === true && this.softmax.checked;
      const files =
        way.to === "page"
          ? await (await loadPage()).ownPage(checkpoint)
          : await exportNet(checkpoint, way.to, { name, softmax });
      const [file, bytes] = await oneFile(files, `${name}-${way.to}`);
      downloadBlob(file, new Blob([bytes as BlobPart], { type: "application/octet-stream" }));
      setText(this.said, `${file}: ${format.grouped(Math.ceil(bytes.length / 1000))} kB.`);
    } catch (error) {
      run.show(retriable(error, () => void this.save(way)));
    }
  }

  private get name(): string {
    const { asked, trainedWith } = this.run;
    const { net } = trainedWith.settings;
    return `lanegrad-${asked.isName(net) ? net : "own-net"}`;
  }
}

/** The only file, or an archive of all of them. */
async function oneFile(files: ExportedFiles, name: string): Promise<[string, Uint8Array]> {
  const all = Object.entries(files);
  return all.length === 1 ? all[0]! : [`${name}.zip`, await zip(files)];
}
