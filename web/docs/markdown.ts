// Makes pages of the documents in Markdown: headings that can be linked, links that lead to pages of the site, tables and
// code that scroll by themselves.
import { Marked, type Tokens } from "marked";

/** A heading of a page. */
export interface Heading {
  level: number;
  text: string;
  id: string;
}

/** A document as the site shows it. */
export interface Written {
  html: string;
  title: string;
  headings: Heading[];
}

export const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** A heading's name in addresses, as code hosts make it. */
export const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replace(/\s/g, "-");

/** A region that scrolls by itself; screen readers call it by this name. */
export const scroller = (name: string, content: string): string =>
  `<div class="scroll" tabindex="0" role="group" aria-label="${escaped(name)}">${content}</div>`;

/** Code that scrolls by itself. */
export const code = (text: string): string =>
  `<pre tabindex="0"><code>${escaped(text.trimEnd())}</code></pre>`;

/** The document; `addressOf` gives the address on the site that a link leads to, or undefined for what is not there. */
export function written(
  markdown: string,
  addressOf: (href: string) => string | undefined,
  named: (text: string) => string | undefined = () => undefined,
): Written {
  const headings: Heading[] = [];
  const marked = new Marked({
    renderer: {
      heading({ depth, tokens }) {
        const html = this.parser.parseInline(tokens);
        const text = this.parser.parseInline(tokens, this.parser.textRenderer);
        const plain = slug(unescaped(text));
        const again = headings.filter(({ id }) => id.replace(/-\d+$/, "") === plain).length;
        const id = again > 0 ? `${plain}-${again}` : plain;
        headings.push({ level: depth, text: unescaped(text), id });
        return `<h${depth} id="${escaped(id)}">${html}</h${depth}>\n`;
      },
      link({ href, tokens }) {
        const inside = this.parser.parseInline(tokens);
        const address = addressOf(href);
        return address === undefined ? inside : `<a href="${escaped(address)}">${inside}</a>`;
      },
      codespan({ text }) {
        const address = named(text);
        const plain = `<code>${escaped(text)}</code>`;
        return address === undefined ? plain : `<a href="${escaped(address)}">${plain}</a>`;
      },
      code: ({ text }) => code(text),
      table(token) {
        const cells = (name: string, row: Tokens.TableCell[]) =>
          row.map(
            ({ tokens }) => `<${name}>${this.parser.parseInline(tokens)}</${name.slice(0, 2)}>`,
          );
        const rows = token.rows.map((row) => `<tr>${cells("td", row).join("")}</tr>`);
        const heads = token.header.some(({ text }) => text !== "")
          ? `<thead><tr>${cells('th scope="col"', token.header).join("")}</tr></thead>`
          : "";
        return scroller(
          headings.at(-1)?.text ?? "Table",
          `<table>${heads}<tbody>${rows.join("")}</tbody></table>`,
        );
      },
    },
  });
  const html = marked.parse(markdown, { async: false });
  return { html, headings, title: headings[0]?.text ?? "" };
}

const unescaped = (text: string): string =>
  text
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
    .replace(
      /&(lt|gt|quot|amp);/g,
      (_, name: string) => ({ lt: "<", gt: ">", quot: '"', amp: "&" })[name]!,
    );
