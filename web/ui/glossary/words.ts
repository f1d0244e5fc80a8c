// Sentences that scripts make, with links to the glossary.
import { make } from "../dom";
import { linkOf } from "./link";

/**
 * The nodes of a sentence in which terms stand in braces: "each {weight}", or "many {weights|weight}" where the glossary
 * calls it otherwise.
 */
export function withTerms(text: string): Node[] {
  return text.split(/\{(.*?)\}/).map((piece, i) => {
    if (i % 2 === 0) return new Text(piece);
    const [words, of = words] = piece.split("|") as [string, string?];
    const link = make("a", { className: "here term", href: linkOf(of) }, words);
    link.ariaExpanded = "false";
    return link;
  });
}
