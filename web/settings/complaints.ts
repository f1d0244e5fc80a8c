// What is said of a part of an address that is not taken.
import { nameInAddress, type Complaint } from "./address";
import { refusal, textOf, type Field, type Fields } from "./field";
import { similar } from "./names";

/** The sentence for a complaint, which names what is used instead. */
export function sentence<S, K extends keyof S>(
  fields: Fields<S>,
  { key, word, text, again }: Complaint<K>,
  instead: S,
): string {
  if (key === undefined) {
    const near = similar(word, Object.keys(fields));
    const meant = near ? ` Did you mean ${nameInAddress(near)}?` : "";
    return `“${word}” in this page’s address is no setting, so it is left out.${meant}`;
  }
  const field = fields[key] as Field<unknown>;
  if (again)
    return `${field.title}: this page’s address says it more than once; the first counts, and “${text}” is left out.`;
  const used = textOf(fields, instead, key) || "none";
  return `${field.title}: this page’s address must have ${refusal(field, text)}; ${used} is used instead.`;
}
