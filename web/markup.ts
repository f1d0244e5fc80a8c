// The page's HTML as it is built: files include others, and an attribute that begins with "x-" stands for markup that
// is needed often. A button is none that sends a form. Nothing of this is left in the page.
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { settings, type Setting } from "lanegrad/settings";
import { optimizerNames } from "./settings/optimizers.ts";
import { glossary } from "./ui/glossary/glossary.ts";
import { linkOf } from "./ui/glossary/link.ts";
import { unbroken } from "./ui/format.ts";

/** This HTML, in which "<!-- include net/net.html -->" stands for another file, seen from this folder. */
export const included = (html: string, folder: string): string =>
  html.replace(/<!-- include (\S+) -->/g, (_, name: string) => markupOf(resolve(folder, name)));

/** The text of an HTML file, with what it includes. */
export const markupOf = (file: string): string =>
  writtenOut(included(readFileSync(file, "utf8"), dirname(file)));

/** Attributes as they stand in a tag, with a space before each. */
const attribute = (name: string, value: string | undefined) => (value ? ` ${name}="${value}"` : "");

/** The name of the setting whose field has this id; the labs' ids begin with a mark of their own. */
const nameOf = (id: string) => id.replace(/^(fn|tb)-/, "");

/** The options of a setting that the engine's table gives a choice of; none of another one. */
function optionsOf(name: string): string {
  const row: Setting | undefined = settings.find(({ id }) => id === name);
  const option = (choice: string) =>
    `<option value="${choice}">${optimizerNames[choice] ?? choice}</option>`;
  return (row?.choices ?? []).map(option).join("");
}

// What each attribute stands for: `value` is its own, `take` gives another attribute's and takes it away, `rest` the
// attributes that are left then, and `inner` is what the element holds.
interface Short {
  value: string;
  inner: string;
  take(name: string): string | undefined;
  rest(): string;
}
const shorts: Record<string, (short: Short) => string> = {
  // A setting's label and field; a field of options, which may be those of the engine's table, is a choice, other text
  // is its hint, and paragraphs follow. `term` is what the label asks to have explained.
  // `slider` is the name of one for powers of ten.
  field({ value: id, inner, take, rest }) {
    const [label, of, described, term] = ["label", "data-of", "aria-describedby", "term"].map(take);
    const slider = take("slider");
    const name = nameOf(id);
    const own = inner.match(/<option[\s\S]*<\/option>/)?.[0];
    const [, hint, more] = /^\s*([\s\S]*?)\s*(<p[\s\S]*)?$/.exec(inner.replace(own ?? "", ""))!;
    const options = own ?? optionsOf(name);
    const attributes =
      ` id="${id}" name="${name}"${rest()}` +
      attribute("aria-describedby", hint ? `${id}-hint` : described);
    const input = options
      ? `<select${attributes}>${options}</select>`
      : `<input${attributes} autocomplete="off">`;
    return (
      `<div class="field"${attribute("data-of", of)}><label for="${id}">${label}</label>` +
      (term ? writtenOut(` <x-term of="${term}">?</x-term>`) : "") +
      input +
      (slider
        ? `<input id="${id}-slider" data-part="${name}-slider" type="range" min="-5" max="0" step="0.05" aria-label="${slider}">`
        : "") +
      `${hint && `<p id="${id}-hint">${hint}</p>`}${more ?? ""}</div>`
    );
  },
  // What is wrong with a setting.
  complaint: ({ value: id, rest }) =>
    `<p class="complaint" id="${id}-complaint" data-part="${nameOf(id)}-complaint" role="status"${rest()}></p>`,
  // A number of a run, below its name.
  readout({ value: part, inner, take, rest }) {
    const [test = part, other] = [take("test"), take("data-other")];
    return (
      `<div${rest()}><dt${attribute("data-other", other)}>${inner.trim()}</dt>` +
      `<dd data-part="${part}" data-testid="${test}">–</dd></div>`
    );
  },
  // The heads of a table's columns, before those that the row holds itself.
  heads: ({ value, inner, rest }) => {
    const heads = value.split(" | ").map((head) => `<th scope="col">${head}</th>`);
    return `<tr${rest()}>${heads.join("")}${inner}</tr>`;
  },
  // A region of this name that scrolls.
  scroll: ({ value: name, inner, take, rest }) => {
    const names = ["scroll", take("class")].filter(Boolean).join(" ");
    return `<div class="${names}" tabindex="0" role="region" aria-label="${name}"${rest()}>${inner}</div>`;
  },
  // A curve's line in a key, before its name.
  line({ value: name, inner, take, rest }) {
    const [width = "3", dash] = [take("width"), take("dash")];
    const path = `<path d="M0 5h30" stroke-width="${width}"${attribute("stroke-dasharray", dash)} />`;
    const svg = `<svg class="${name}" viewBox="0 0 30 10" aria-hidden="true">${path}</svg>`;
    return `<span${rest()}>${svg}${inner}</span>`;
  },
};

// A term of the glossary as a link to its entry, which needs no script and works in a form that is locked. A "?" stands
// beside a label, in which a link would take the label's clicks.
const term = (_: string, of: string | undefined, inner: string) => {
  const words = inner.trim();
  const name = of ?? words;
  if (!glossary[name]) throw new Error(`glossary: there is no term “${name}”`);
  const isMark = words === "?";
  const said = isMark
    ? `<span aria-hidden="true">?</span><span class="hidden">What is it: ${name}?</span>`
    : words;
  return `<a class="here term${isMark ? " ask" : ""}" href="${linkOf(name)}" aria-expanded="false">${said}</a>`;
};

/** HTML with everything that it says in short written out. */
export function writtenOut(html: string): string {
  const plain = unbroken(html)
    .replace(/<x-term(?:\s+of="([^"]*)")?\s*>([\s\S]*?)<\/x-term\s*>/g, term)
    // A part that tests look at calls itself the same for them.
    .replace(/\bx-part="([\w-]+)"/g, 'data-part="$1" data-testid="$1"')
    .replace(/<button(?=\s)(?![^>]*\stype=)/g, '<button type="button"');
  return plain.replace(
    /<(\w+)\s+x-(\w+)="([^"]*)"([^>]*)>([\s\S]*?)<\/\1>/g,
    (_, __, name: string, value: string, given: string, inner: string) => {
      const attributes = new Map(
        [...given.matchAll(/([\w-]+)(?:="([^"]*)")?/g)].map(([, key, text]) => [key!, text ?? ""]),
      );
      return shorts[name]!({
        value,
        inner: writtenOut(inner),
        take(key) {
          const text = attributes.get(key);
          attributes.delete(key);
          return text;
        },
        rest: () => [...attributes].map(([key, text]) => ` ${key}="${text}"`).join(""),
      });
    },
  );
}
