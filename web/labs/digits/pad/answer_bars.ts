// The classes' probabilities as bars, with the answer in words. Where there are many classes, only
// the most probable are shown, the most probable first.
import { make, part } from "../../../ui/dom";
import * as format from "../../../ui/format";
import { mostProbable } from "../run/current_net";

// Up to this many classes are all shown, in their order.
const most = 16;
const likeliest = 10;
// The most characters of a name beside a bar.
const longestName = 14;

export class AnswerBars {
  private rows: { row: HTMLElement; name: Text; bar: HTMLElement; share: HTMLElement }[] = [];
  private names: readonly string[] = [];
  private answers: Float32Array | undefined;

  constructor(private readonly place: HTMLElement) {}

  // Takes the names of the classes.
  use(names: readonly string[]): void {
    const list = part(this.place, "bars");
    if (names.length !== this.names.length) this.answers = undefined;
    this.names = names;
    const wanted = names.length > most ? likeliest : names.length;
    if (this.rows.length !== wanted) {
      this.rows = Array.from({ length: wanted }, makeRow);
      list.replaceChildren(...this.rows.map(({ row }) => row));
    }
    const longest = Math.max(...names.map((name) => name.length));
    list.style.setProperty("--name", `${Math.min(longest, longestName)}ch`);
    this.show(this.answers);
  }

  // Shows the probabilities of the classes, or, where they are undefined, that there is nothing to
  // read. A net that has diverged answers NaN.
  show(answers: Float32Array | undefined): void {
    const best = answers && mostProbable(answers);
    const probabilities = best === undefined ? undefined : answers;
    this.answers = probabilities;
    const { names } = this;
    const shown = Array.from(names.keys());
    if (probabilities && names.length > most) {
      shown.sort((a, b) => probabilities[b]! - probabilities[a]!);
    }
    this.rows.forEach(({ row, name, bar, share }, i) => {
      const label = shown[i]!;
      const value = probabilities?.[label] ?? 0;
      name.data = names[label]!;
      row.classList.toggle("best", label === best);
      bar.style.scale = `${value} 1`;
      share.textContent = probabilities ? format.coarsePercent(value) : "";
    });
    const answer = best === undefined ? undefined : names[best]!;
    part(this.place, "prediction").textContent = answer ?? "–";
    part(this.place, "why-answer").textContent = answer ?? "that";
    part(this.place, "confidence").textContent =
      best === undefined ? "" : `${format.probability(probabilities![best]!)} sure`;
  }

  // The answer in words: "7, 98.0 % sure".
  get text(): string {
    const [answer, confidence] = ["prediction", "confidence"].map((name) => part(this.place, name));
    return `${answer!.textContent}, ${confidence!.textContent}`;
  }
}

function makeRow() {
  const name = new Text();
  const [bar, share] = [make("span"), make("span", { className: "share" })];
  const label = make("span", { className: "name" }, name);
  const row = make("li", {}, label, make("span", { className: "bar" }, bar), share);
  return { row, name, bar, share };
}
