// Makes the page's lesson of docs/lesson.md when the page is built: what names a state of the page becomes a link to it, and the answer to
// a task is folded.
import { Marked, type Tokens } from "marked";

/** The HTML of a lesson in Markdown. */
export function lessonOf(markdown: string): string {
  const marked = new Marked({
    renderer: {
      // `?lr=1` and `#tour=3` are addresses of the page.
      codespan({ text }) {
        if (!/^(?:\?|#tour)/.test(text)) return `<code>${escaped(text)}</code>`;
        return `<a href="${escaped(`./${text}`)}"><code>${escaped(text)}</code></a>`;
      },
      // As README.md does, the text names the page where `npm start` serves it.
      link({ href, tokens }) {
        const own = href.replace(/^http:\/\/localhost:8080\//, "./");
        return `<a href="${escaped(own)}">${this.parser.parseInline(tokens)}</a>`;
      },
      // A task is a question in bold letters and its answer, both in one paragraph.
      listitem({ tokens }) {
        const paragraph = tokens[0] as Tokens.Text;
        const [question, ...answer] = paragraph.tokens ?? [];
        if (question?.type !== "strong") return `<li>${this.parser.parse(tokens)}</li>`;
        const asked = this.parser.parseInline((question as Tokens.Strong).tokens);
        return `<li class="task"><p class="question">${asked}</p><details><summary>Answer</summary><p>${this.parser.parseInline(answer).trim()}</p></details></li>`;
      },
      table(token) {
        const cell =
          (name: string) =>
          ({ tokens }: Tokens.TableCell) =>
            `<${name}>${this.parser.parseInline(tokens)}</${name.split(" ")[0]}>`;
        const heads = token.header.map(cell('th scope="col"')).join("");
        const rows = token.rows.map((row) => `<tr>${row.map(cell("td")).join("")}</tr>`).join("");
        return `<div class="scroll" tabindex="0" role="region" aria-label="The plan"><table><thead><tr>${heads}</tr></thead><tbody>${rows}</tbody></table></div>`;
      },
    },
  });
  return marked.parse(markdown, { async: false });
}

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
