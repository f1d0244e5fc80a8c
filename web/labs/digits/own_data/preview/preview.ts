// What was understood of the files that somebody brought, before it is learned: how many pictures, which classes, some
// of them, what was turned, scaled or left out; and what can be changed about it.
import { extentsOf, headerSize, labelHeader } from "../../../../data/idx";
import type { Pictures, PlainPictures } from "lanegrad/data";
import { button, make, scroller, table } from "../../../../ui/dom";
import * as format from "../../../../ui/format";
import { paint, resize } from "../../../../ui/ink";
import { ClassFields } from "./class_fields";
import type { Wishes } from "../reading";
import { isPlain } from "../kept_pictures";
import "./preview.css";

export interface PreviewOptions {
  wishes: Wishes;
  // The files are to be read again with other wishes.
  onWish(wishes: Wishes): unknown;
  // They are to be learned; pictures without folders have got these classes, "" for those that are left out.
  onLearn(classes: readonly string[] | undefined): void;
  onLeave(): void;
}

const shownPictures = 12;

export class Preview {
  readonly element = make("section", { className: "preview", test: "own-preview" });
  private readonly learn = button("Learn these pictures", () => this.give(), {
    className: "primary",
    test: "own-learn",
  });
  private readonly fields: ClassFields | undefined;
  private readonly plain: boolean;

  // Draws some of the pictures, whose bytes are not needed any more then.
  constructor(
    pictures: Pictures,
    private readonly options: PreviewOptions,
  ) {
    const { train, unlabeled, notes } = pictures;
    this.plain = isPlain(pictures);
    const title = make("h3", { id: "own-preview-title", tabIndex: -1 }, "What was read");
    this.element.setAttribute("aria-labelledby", title.id);
    if (train.count === 0 && unlabeled) {
      this.fields = new ClassFields(
        unlabeled,
        (index) => this.drawing(unlabeled, index),
        (ready) => this.allow(ready),
      );
    }
    this.element.append(
      title,
      make("p", { className: "about", test: "own-read" }, about(pictures)),
      this.fields?.element ?? this.samples(pictures),
      make(
        "div",
        { className: "facts" },
        !this.fields && classTable(pictures),
        notes.length > 0 &&
          make("ul", { className: "notes" }, ...notes.map((note) => make("li", {}, note))),
      ),
      this.switches(pictures),
      make(
        "div",
        { className: "buttons" },
        this.learn,
        button("Leave them", () => options.onLeave(), { test: "own-leave" }),
      ),
    );
    this.allow(this.fields?.ready ?? true);
  }

  focus(): void {
    this.element.querySelector("h3")!.focus();
    this.element.scrollIntoView({ block: "nearest" });
  }

  private allow(ready: boolean): void {
    this.learn.disabled = !ready;
  }

  private give(): void {
    this.options.onLearn(this.fields?.classes);
  }

  // Pictures of as many classes as there are, each with its class.
  private samples({ train, classNames }: Pictures): HTMLElement {
    const items = chosen(train.labels.subarray(labelHeader), classNames.length).map((index) => {
      const name = classNames[train.labels[labelHeader + index]!]!;
      return make("li", {}, this.drawing(train, index), make("span", {}, name));
    });
    return make("ol", { className: "samples", ariaLabel: "Some of the pictures" }, ...items);
  }

  private drawing(pictures: PlainPictures, index: number): HTMLElement {
    return drawingOf(pictures, index, this.plain);
  }

  private switches({ height, width, turned, resizable, channels }: Pictures): HTMLElement {
    const { wishes, onWish } = this.options;
    const check = (
      label: string,
      checked: boolean,
      test: string,
      wish: (on: boolean) => Wishes,
    ) => {
      const box = make("input", { type: "checkbox", checked, test });
      box.addEventListener("change", () => onWish({ ...wishes, ...wish(box.checked) }));
      return make("label", { className: "check" }, box, ` ${label}`);
    };
    const extent = (label: string, value: number, test: string) =>
      make("input", { type: "number", min: "4", max: "256", step: "1", value: String(value), ariaLabel: label, test }); // prettier-ignore
    const [tall, wide] = [
      extent("Height", height, "own-height"),
      extent("Width", width, "own-width"),
    ];
    for (const field of [tall, wide]) {
      field.addEventListener("change", () => {
        if (!field.reportValidity()) return;
        onWish({ ...wishes, size: [tall.valueAsNumber, wide.valueAsNumber] });
      });
    }
    return make(
      "fieldset",
      { className: "switches" },
      make("legend", {}, "If they do not look right"),
      check("turn: swap rows and columns", turned, "own-turn", (turn) => ({ turn })),
      (channels === 3 || wishes.channels === 1) &&
        check("in grey", channels === 1, "own-grey", (grey) => ({
          channels: grey ? 1 : undefined,
        })),
      resizable && make("span", { className: "size" }, "size ", tall, " × ", wide, " pixels"),
    );
  }
}

function about({
  format: kind,
  train,
  test,
  unlabeled,
  height,
  width,
  channels,
  classNames,
}: Pictures): string {
  const size = `${format.extents(height, width)} pixels, ${channels === 3 ? "in colour" : "grey"}`;
  if (train.count === 0) {
    const count = unlabeled?.count ?? 0;
    return `${kind}: ${counted(count)} without a class, ${size}.`;
  }
  const parts = [`${counted(train.count)} to learn from`];
  if (test) parts.push(`${format.grouped(test.count)} for the test`);
  const more = unlabeled
    ? ` ${counted(unlabeled.count)} ${unlabeled.count === 1 ? "has" : "have"} no class: what the net answers can be saved once it has learned.`
    : "";
  const held = test ? "" : " About a fifth of each class will be set aside for the test.";
  return `${kind}: ${parts.join(" and ")}, ${size}, ${classNames.length} classes.${held}${more}`;
}

const counted = (count: number) =>
  `${format.grouped(count)} ${count === 1 ? "picture" : "pictures"}`;

function classTable({ classNames, counts }: Pictures): HTMLElement {
  const { train, test } = counts;
  const heads = ["Class", "To learn from", ...(test ? ["For the test"] : [])];
  const rows = classNames.map((name, label) => [
    name,
    format.grouped(train[label]!),
    ...(test ? [format.grouped(test[label]!)] : []),
  ]);
  return scroller("The classes", table(heads, rows, "own-classes"), {
    className: "scroll classes",
  });
}

// The numbers of some pictures, of all classes in turn.
function chosen(labels: Uint8Array, classes: number): number[] {
  const byClass: number[][] = Array.from({ length: classes }, () => []);
  for (let i = 0; i < labels.length; i++) {
    const members = byClass[labels[i]!]!;
    if (members.length < shownPictures) members.push(i);
  }
  // Where there are many classes, those at even distances.
  const shown =
    classes <= shownPictures
      ? byClass
      : Array.from({ length: shownPictures }, (_, i) => byClass[Math.floor((i * classes) / shownPictures)]!); // prettier-ignore
  const found: number[] = [];
  for (let round = 0; round < shownPictures; round++) {
    for (const members of shown) if (members[round] !== undefined) found.push(members[round]!);
  }
  return found.slice(0, shownPictures).sort((a, b) => labels[a]! - labels[b]!);
}

// A picture of an IDX file as a drawing.
function drawingOf({ images }: PlainPictures, index: number, plain: boolean): HTMLCanvasElement {
  const [, ...extents] = extentsOf(images);
  const [height, width] = extents.slice(-2) as [number, number];
  const size = extents.reduce((product, extent) => product * extent, 1);
  const canvas = make("canvas", { className: "ink", ariaHidden: "true" });
  resize(canvas, { height, width, plain: plain || extents.length > 2 });
  const start = headerSize(extents.length + 1) + index * size;
  paint(canvas, images.subarray(start, start + size));
  return canvas;
}
