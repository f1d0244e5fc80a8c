// Pictures that came without folders: somebody says the class of each, or takes what their names say.
import type { PlainPictures } from "lanegrad/data";
import { make, paragraph } from "../../../../ui/dom";
import { grouped } from "../../../../ui/format";

// So many pictures have a field; the class of others is what their name says.
const mostFields = 120;

export class ClassFields {
  readonly element = make("div", { className: "class-fields" });
  // The class of each picture; "" for none.
  readonly classes: string[];
  private readonly known = make("datalist", { id: "own-class-list" });
  private readonly state = make("p", { className: "note", role: "status", test: "own-assigned" });

  constructor(
    pictures: PlainPictures,
    drawing: (index: number) => HTMLElement,
    private readonly onReady: (ready: boolean) => void,
  ) {
    const { count, names = [] } = pictures;
    const guessed = guesses(names);
    this.classes = Array.from({ length: count }, (_, i) => guessed?.[i] ?? "");
    const shown = Math.min(count, mostFields);
    const items = Array.from({ length: shown }, (_, i) => {
      const name = names[i] ?? `picture ${i + 1}`;
      const field = make("input", {
        type: "text",
        value: this.classes[i]!,
        ariaLabel: `Class of ${name}`,
      });
      field.setAttribute("list", this.known.id);
      field.spellcheck = false;
      field.addEventListener("input", () => {
        this.classes[i] = field.value.trim().replace(/\s+/g, " ");
        this.tell();
      });
      return make("li", { title: name }, drawing(i), field);
    });
    const how =
      "Say the class of each picture, or leave it empty to leave the picture out." +
      (guessed ? " What stands there is the beginning of the files’ names." : "") +
      " Folders say it, too: one for each class.";
    const more = count - shown;
    const others = guessed
      ? `${grouped(more)} more have the class of their names.`
      : `${grouped(more)} more need folders to have a class.`;
    this.element.append(
      paragraph("", how),
      make("ol", { className: "samples", ariaLabel: "The pictures", test: "own-fields" }, ...items),
      ...(more > 0 ? [paragraph("note", others)] : []),
      this.known,
      this.state,
    );
    this.tell();
  }

  // Whether there are two classes at least.
  get ready(): boolean {
    return this.found.length > 1;
  }

  private get found(): string[] {
    return [...new Set(this.classes.filter(Boolean))].sort();
  }

  private tell(): void {
    const { found, classes } = this;
    this.known.replaceChildren(...found.map((name) => new Option("", name)));
    const counts = found.map((name) => `${name} ${classes.filter((each) => each === name).length}`);
    this.state.textContent =
      found.length > 1
        ? `${found.length} classes: ${counts.slice(0, 12).join(", ")}${counts.length > 12 ? ", …" : ""}.`
        : "At least two classes are needed.";
    this.onReady(this.ready);
  }
}

// The classes that the files' names begin with, "cat.0.jpg" or "7_1.png"; undefined where they say nothing.
function guesses(names: readonly string[]): string[] | undefined {
  const found = names.map((name) => /^(?:\p{L}+|\d+(?=\D))/u.exec(name)?.[0] ?? "");
  const distinct = new Set(found);
  const says = distinct.size > 1 && 2 * distinct.size <= names.length && !distinct.has("");
  return says ? found : undefined;
}
