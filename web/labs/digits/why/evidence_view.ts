// Which ink speaks for the answer and which against it: the gradient over the picture, in colours and in words.
import { make, setText } from "../../../ui/dom";
import { darkness } from "./channels";
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
  private readonly title = make("h3", {});
  private readonly ofInk = new Text();
  private readonly ofEmpty = new Text();

  constructor() {
    this.element = make(
      "section",
      {},
      this.title,
      make(
        "div",
        { className: "pictures" },
        captioned(this.ink, this.ofInk),
        captioned(this.empty, this.ofEmpty),
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
    const colored = pictures.channels > 1;
    setText(
      this.title,
      `Which ${colored ? "pixels speak" : "ink speaks"} for it, and which against it`,
    );
    setText(
      this.ofInk,
      colored ? "the pixels, against their mean colour" : "the ink that is there",
    );
    setText(
      this.ofEmpty,
      colored ? "what more light would say" : "what ink would say where there is none",
    );
    const ground = { ink: darkness(pixels, pictures) };
    paintSigned(this.ink, pictures, evidence.ofInk, ground);
    paintSigned(this.empty, pictures, evidence.ofEmpty, ground);
    const ink = inkSentence(first, second, evidence.ink, colored);
    const empty = emptySentence(first, second, evidence.empty, colored);
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
    pictures.channels > 1,
  );
}
