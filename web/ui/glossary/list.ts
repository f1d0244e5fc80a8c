// The glossary as HTML, for its page.
import { glossary, terms } from "./glossary.ts";
import { idOf } from "./link.ts";

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** All terms in the order of the alphabet, each with what it means and a link to where it can be tried. */
export const listOfTerms = (): string =>
  terms
    .map((term) => {
      const { text, try: what, at, also } = glossary[term]!;
      return (
        `<div id="${idOf(term)}"><dt>${term}${also ? ` <small>also: ${also}</small>` : ""}</dt>` +
        `<dd>${escaped(text)} Try it: <a href="${escaped(at)}">${escaped(what)}</a>.</dd></div>`
      );
    })
    .join("\n");
