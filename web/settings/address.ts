// Settings in the page's address.
import { strict, textOf, type Fields } from "./field";

/** A part of an address that makes no sense. */
export interface Complaint<K> {
  key: K;
  reason: string;
}

/** The name of a setting in the address, as in the terminal: "weightDecay" is weight-decay. */
export const nameInAddress = (key: string): string =>
  key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Takes over the settings that the address asks for: which it names, and what makes no sense. */
export function readAddress<S, K extends keyof S & string>(
  fields: Fields<S>,
  settings: S,
  search: string,
): { named: K[]; complaints: Complaint<K>[] } {
  const named: K[] = [];
  const complaints: Complaint<K>[] = [];
  const query = new URLSearchParams(search);
  for (const key of Object.keys(fields) as K[]) {
    const text = query.get(nameInAddress(key));
    if (text === null) continue;
    try {
      settings[key] = strict(fields[key]).read(text);
      named.push(key);
    } catch (error) {
      complaints.push({ key, reason: (error as Error).message });
    }
  }
  return { named, complaints };
}

/** The sentence for a complaint, which names what is used instead. */
export function sentence<S, K extends keyof S>(
  fields: Fields<S>,
  { key, reason }: Complaint<K>,
  instead: S,
): string {
  const { title, expected } = fields[key];
  const used = textOf(fields, instead, key) || "none";
  return `${title}: ${reason} in this page’s address, ${expected}; ${used} is used instead.`;
}

/** The address that says these texts, and what `search` says beside settings. */
export function writeAddress<S>(
  fields: Fields<S>,
  texts: readonly (readonly [key: keyof S & string, text: string])[],
  search = "",
): string {
  const others = new URLSearchParams(search);
  for (const key of Object.keys(fields)) others.delete(nameInAddress(key));
  const own = texts.map(([key, text]) => [nameInAddress(key), text]);
  const query = String(new URLSearchParams([...own, ...others]));
  // Commas and colons are legal in a query, and a list reads better with them.
  const legal = { "%2C": ",", "%3A": ":", "%3B": ";" };
  return query && `?${query.replace(/%2C|%3A|%3B/g, (code) => legal[code as keyof typeof legal])}`;
}
