// What would have to change for the other answer: the smallest change found, before and after.
import { make, setText } from "../../../ui/dom";
import { findChange } from "./change";
import { added, darkness } from "./channels";
import { captioned, legend, paintInk, paintSigned, signedCanvas } from "./painting";
import type { Part, Question } from "./question";
import { changeSentence, noChangeSentence, quoted, verb } from "./sentences";

const inkCanvas = (test: string) => make("canvas", { className: "ink", role: "img", test });

export class ChangeView implements Part {
  private readonly before = inkCanvas("why-before");
  private readonly change = signedCanvas("why-change");
  private readonly after = inkCanvas("why-after");
  private readonly readBefore = new Text();
  private readonly readAfter = new Text();
  private readonly pictures = make(
    "div",
    { className: "pictures steps", hidden: true },
    captioned(this.before, this.readBefore),
    captioned(this.change, "the change"),
    captioned(this.after, this.readAfter),
  );
  private readonly more = new Text();
  private readonly less = new Text();
  private readonly key = legend(this.more, this.less);
  private readonly said = make("p", { test: "why-changed" });
  readonly element = make(
    "section",
    {},
    make("h3", {}, "What would have to change"),
    this.pictures,
    this.key,
    this.said,
  );

  async show({ trainer, pictures, pixels, best, answer, other, wanted }: Question): Promise<void> {
    const target = other === best ? answer : other;
    const [from, to] = [quoted(pictures, best), quoted(pictures, target)];
    const does = verb(pictures);
    setText(this.said, `Looking for a change with which it ${does} ${to} …`);
    const found = await findChange(pixels, target, trainer, wanted);
    if (!wanted()) return;
    this.pictures.hidden = this.key.hidden = !found;
    if (!found) return setText(this.said, noChangeSentence(pictures, from, to));
    paintInk(this.before, pictures, pixels);
    paintInk(this.after, pictures, found.pixels);
    const moved = found.pixels.map((value, p) => value - pixels[p]!);
    const colored = pictures.channels > 1;
    paintSigned(this.change, pictures, added(moved, pictures), {
      ink: darkness(pixels, pictures),
    });
    setText(this.more, colored ? "lighter" : "ink added");
    setText(this.less, colored ? "darker" : "ink removed");
    setText(this.readBefore, `${does} ${from}`);
    setText(this.readAfter, `${does} ${to}`);
    const { share } = found;
    const sure = found.probabilities[target]!;
    this.before.ariaLabel = `Before: it ${does} ${from}`;
    this.after.ariaLabel = `After: it ${does} ${to}`;
    this.change.ariaLabel = colored
      ? "What becomes lighter and darker"
      : "The ink that is added and removed";
    setText(this.said, changeSentence(pictures, { from, to, share, sure }));
  }
}
