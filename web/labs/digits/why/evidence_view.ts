// Which ink speaks for the answer and which against it: the gradient over the picture, in colours and in words.
import { make, setText } from "../../../ui/dom";
import { evidenceOf, inkedPlaces, without, type Evidence } from "./evidence";
import { captioned, legend, paintSigned, signedCanvas } from "./painting";
import type { Part, Question } from "./question";
import { emptySentence, inkSentence, quoted, rubbedOut } from "./sentences";

export class EvidenceView implements Part {
  readonly element: HTMLElement;
  private readonly ink = signedCanvas("why-ink");
  private readonly empty = signedCanvas("why-empty");
  private readonly answer = new Text();
  private readonly other = new Text();
  private readonly said = make("p", { test: "why-evidence" });
  private readonly checked = make("p", { className: "note", test: "why-checked" });

  constructor() {
    this.element = make(
      "section",
      {},
      make("h3", {}, "Which ink speaks for it, and which against it"),
      make(
        "div",
        { className: "pictures" },
        captioned(this.ink, "the ink that is there"),
        captioned(this.empty, "what ink would say where there is none"),
      ),
      legend(this.answer, this.other),
      this.said,
      this.checked,
    );
  }

  async show(question: Question): Promise<void> {
    const { pictures, pixels, answer, other, gradient, wanted } = question;
    const evidence = evidenceOf(pixels, gradient, pictures);
    const [first, second] = [quoted(pictures, answer), quoted(pictures, other)];
    setText(this.answer, `speaks for ${first}`);
    setText(this.other, `speaks for ${second}`);
    paintSigned(this.ink, pictures, evidence.ofInk, { ink: pixels });
    paintSigned(this.empty, pictures, evidence.ofEmpty, { ink: pixels });
    const ink = inkSentence(first, second, evidence.ink);
    const empty = emptySentence(first, second, evidence.empty);
    this.ink.ariaLabel = ink;
    this.empty.ariaLabel = empty;
    setText(this.said, `${ink} ${empty}`);
    const checked = await check(question, evidence);
    if (wanted()) setText(this.checked, checked);
  }
}

// Asks the net about the picture without the ink of each place in turn.
async function check(question: Question, { ink }: Evidence): Promise<string> {
  const { trainer, pictures, pixels, answer, other } = question;
  const inked = inkedPlaces(pixels, pictures);
  const all = [pixels, ...inked.map((place) => without(pixels, place, pictures))];
  const inputs = new Float32Array(all.length * pixels.length);
  all.forEach((picture, i) => inputs.set(picture, i * pixels.length));
  const answers = await trainer.predict(inputs, all.length);
  const pair = (i: number) => ({
    p: answers[i * pictures.classes + answer]!,
    q: answers[i * pictures.classes + other]!,
  });
  return rubbedOut(
    quoted(pictures, answer),
    quoted(pictures, other),
    pair(0),
    inked.map((place, i) => ({ place, pair: pair(i + 1) })),
    ink,
  );
}
