// The dialog that shares what is on screen: a link with what it is to carry along, its QR code, and the
// run as a file.
import "./share.css";
import type { SharedFile, SharedPart } from "../../labs/lab";
import { button, make, paragraph, setText } from "../../ui/dom";
import { grouped, megabytes } from "../../ui/format";
import type { Step } from "../tour/steps";
import { linkTo } from "./link";
import { longestLink, qrCode } from "./qr_picture";
import { sectionsIn } from "./sections";

// Links up to this length come through everywhere.
const usual = 2000;

// What a lab offers to share.
interface Offered {
  parts: readonly SharedPart[];
  file: SharedFile | undefined;
  note: string | undefined;
}

export class ShareDialog {
  private readonly link = make("input", {
    id: "share-link",
    readOnly: true,
    test: "share-link",
    spellcheck: false,
  });
  private readonly length = make("p", { className: "note", test: "share-length" });
  private readonly said = make("p", {
    className: "share-said",
    role: "status",
    test: "share-said",
  });
  private readonly at = make("select", { id: "share-at", test: "share-at" });
  private readonly boxes: { part: SharedPart; box: HTMLInputElement }[];
  private readonly code = make("div", { className: "share-code", test: "share-code" });
  private readonly enlarge = button("Show large", () => this.setLarge(!this.isLarge), {
    test: "share-large",
  });
  private readonly element: HTMLDialogElement;

  constructor(lab: HTMLElement, steps: readonly Step[], { parts, file, note }: Offered) {
    const opener = document.activeElement;
    this.fillPlaces(lab, steps);
    this.boxes = parts.map((part) => ({
      part,
      box: make("input", {
        type: "checkbox",
        id: `share-${part.name}`,
        test: `share-${part.name}`,
      }),
    }));
    this.element = make(
      "dialog",
      { className: "share", test: "share-dialog" },
      make(
        "div",
        { className: "share-head" },
        make("h2", { id: "share-title" }, "Share"),
        button("Close", () => this.element.close(), { className: "quiet", test: "share-close" }),
      ),
      make("div", { className: "share-parts" }, this.linkPart(note, file), this.codePart()),
    );
    this.element.setAttribute("aria-labelledby", "share-title");
    this.element.addEventListener("close", () => {
      this.element.remove();
      if (opener instanceof HTMLElement) opener.focus({ preventScroll: true });
    });
    // Escape leaves the large code first.
    this.element.addEventListener("cancel", (event) => {
      if (!this.isLarge) return;
      event.preventDefault();
      this.setLarge(false);
    });
    this.element.addEventListener("click", ({ target }) => {
      if (target === this.element) this.element.close();
    });
    this.renew();
    document.body.append(this.element);
    this.element.showModal();
  }

  // ---- Its parts ------------------------------------------------------------

  private linkPart(note: string | undefined, file: SharedFile | undefined): HTMLElement {
    const copy = button("Copy link", () => void this.copy(), {
      className: "primary",
      autofocus: true,
      test: "share-copy",
    });
    const about = "It opens this lab, with its settings as they are now.";
    return make(
      "div",
      { className: "share-link" },
      make("label", { htmlFor: "share-link" }, "The link"),
      make("div", { className: "share-copy" }, this.link, copy),
      paragraph("note", `${about}${note ? ` ${note}` : ""}`),
      this.length,
      this.said,
      make("label", { htmlFor: "share-at" }, "Where it opens"),
      this.at,
      this.boxes.length > 0 && this.carriedPart(),
      file && this.filePart(file),
    );
  }

  private carriedPart(): HTMLElement {
    const rows = this.boxes.map(({ part, box }) => {
      const about = make("p", { className: "note", id: `share-${part.name}-about` }, part.about);
      box.setAttribute("aria-describedby", about.id);
      box.addEventListener("change", () => this.renew());
      return make(
        "div",
        {},
        make("label", { className: "check" }, box, make("span", {}, part.label)),
        about,
      );
    });
    return make("fieldset", {}, make("legend", {}, "What it carries along"), ...rows);
  }

  private filePart({ name, bytes, save }: SharedFile): HTMLElement {
    return make(
      "div",
      { className: "share-file" },
      make("h3", {}, "As a file"),
      paragraph(
        "note",
        "The whole run, of any size, with its weights and curves. Open takes it, on any computer, and goes on with it.",
      ),
      button(`Save the run (${sizeInWords(bytes)})`, save, { test: "share-file" }),
      paragraph("note share-name", name),
    );
  }

  private codePart(): HTMLElement {
    return make("figure", { className: "share-figure" }, this.code, this.enlarge);
  }

  private fillPlaces(lab: HTMLElement, steps: readonly Step[]): void {
    const group = (label: string, places: readonly [value: string, title: string][]) => {
      const options = places.map(([value, title]) => new Option(title, value));
      return make("optgroup", { label }, ...options);
    };
    this.at.append(
      new Option("At the top, as usual", ""),
      group(
        "At a section of this lab",
        sectionsIn(lab).map(({ name, title }) => [`at=${name}`, title]),
      ),
      group(
        "With a step of the guided tour",
        steps.map(({ title }, i) => [`tour=${i + 1}`, `${i + 1}. ${title}`]),
      ),
    );
    this.at.addEventListener("change", () => this.renew());
  }

  // ---- What is chosen -------------------------------------------------------

  private get taken(): SharedPart[] {
    return this.boxes.filter(({ box }) => box.checked).map(({ part }) => part);
  }

  // Makes the link anew of what is chosen.
  private renew(): void {
    for (const { part, box } of this.boxes) {
      const taken = this.taken.map(({ name }) => name);
      const { value, needs = [], excludes = [] } = part;
      const isPossible =
        value !== undefined &&
        needs.every((name) => taken.includes(name)) &&
        !excludes.some((name) => taken.includes(name));
      box.disabled = !isPossible;
      box.checked &&= isPossible;
    }
    const said = (inQuery: boolean) =>
      this.taken
        .filter((part) => (part.inQuery ?? false) === inQuery)
        .map(({ name, value }) => [name, value!] as const);
    const own = this.boxes.filter(({ part }) => part.inQuery).map(({ part }) => part.name);
    const place = this.at.value === "" ? [] : [this.at.value.split("=") as [string, string]];
    const link = linkTo(location.href, own, said(true), [...place, ...said(false)]);
    this.link.value = link;
    setText(this.said, "");
    setText(
      this.length,
      link.length > usual
        ? `${grouped(link.length)} characters: documents, web pages and most mail keep such a link whole, many chats cut it.`
        : "",
    );
    this.drawCode(link);
  }

  private async copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.link.value);
      setText(this.said, "The link is copied.");
    } catch {
      this.link.focus();
      this.link.select();
      this.said.replaceChildren(
        "This browser does not let the page copy. The link is selected: ",
        make("span", { className: "with-keys" }, "press Ctrl and C, on a Mac ⌘ and C."),
        make("span", { className: "with-fingers" }, "hold a finger on it, and choose Copy."),
      );
    }
  }

  // ---- The QR code ----------------------------------------------------------

  private drawCode(link: string): void {
    const code = qrCode(link);
    this.enlarge.hidden = !code;
    this.code.replaceChildren(
      code ??
        paragraph(
          "note",
          `This link is too long for a QR code that a phone could read: ${grouped(link.length)} characters, where ${grouped(longestLink)} are the most.`,
        ),
    );
  }

  private get isLarge(): boolean {
    return this.element.classList.contains("large");
  }

  private setLarge(isLarge: boolean): void {
    this.element.classList.toggle("large", isLarge);
    this.enlarge.textContent = isLarge ? "Show small" : "Show large";
    this.enlarge.focus();
  }
}

const sizeInWords = (bytes: number) =>
  bytes < 1e5 ? `${grouped(Math.ceil(bytes / 1000))} kB` : `${megabytes(bytes)} MB`;
