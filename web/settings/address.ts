// Settings in the page's address.
import type { Fields } from "./field";
import { known } from "./names";

/**
 * A part of an address that is not taken: another text than its setting may have, no setting, or one that the address has
 * named before.
 */
export interface Complaint<K> {
  key: K | undefined;
  word: string;
  text: string;
  again: boolean;
}

/** What an address may say beside settings. */
const switches = ["autostart"];

/** The name of a setting in the address, as in the terminal: "weightDecay" is weight-decay. */
export const nameInAddress = (key: string): string =>
  key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Takes over the settings that the address asks for: which it names, and what is not taken. */
export function readAddress<S, K extends keyof S & string>(
  fields: Fields<S>,
  settings: S,
  search: string,
): { named: K[]; complaints: Complaint<K>[] } {
  const named: K[] = [];
  const complaints: Complaint<K>[] = [];
  const seen = new Set<K | undefined>();
  for (const [word, text] of new URLSearchParams(search)) {
    if (switches.includes(word)) continue;
    const key = known(word, Object.keys(fields) as K[]);
    const again = seen.has(key);
    const value = key && fields[key].read(text);
    seen.add(key);
    if (key === undefined || value === undefined || again) {
      complaints.push({ key, word, text, again });
    } else {
      settings[key] = value;
      named.push(key);
    }
  }
  return { named, complaints };
}

/** The address that says these texts, and the switches of `search`. */
export function writeAddress<S>(
  texts: readonly (readonly [key: keyof S & string, text: string])[],
  search = "",
): string {
  const others = [...new URLSearchParams(search)].filter(([word]) => switches.includes(word));
  const own = texts.map(([key, text]) => [nameInAddress(key), text]);
  const query = String(new URLSearchParams([...own, ...others]));
  // Commas and colons are legal in a query, and a list reads better with them.
  const legal = { "%2C": ",", "%3A": ":", "%3B": ";" };
  return query && `?${query.replace(/%2C|%3A|%3B/g, (code) => legal[code as keyof typeof legal])}`;
}
