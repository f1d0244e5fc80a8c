// Starts workers with scripts of another origin, which browsers allow through a script of this one alone. A trainer loads this
// when there is such a script.
import { forbids } from "./policy.js";
import { scriptWith, type Script } from "./script.js";

const known = new Map<string, string>();

/** The address of a script of this origin that loads the one of another origin. */
export function bridge({ url, options }: Script): string {
  let made = known.get(url);
  if (made === undefined) {
    const name = JSON.stringify(url);
    made = scriptWith(options?.type === "module" ? importing(name) : `importScripts(${name});`).url;
    known.set(url, made);
  }
  return made;
}

/**
 * A module that loads another one. A policy's worker-src counts for what a worker's modules import, but script-src, which the
 * page has to have, for import(). It says what the policy forbids, and keeps the messages that come before the other one.
 */
const importing = (name: string): string =>
  `const kept = [], keep = (event) => kept.push(event);
let why;
addEventListener("message", keep);
addEventListener("securitypolicyviolation", (event) => (why = event.effectiveDirective));
import(${name}).then(() => {
  removeEventListener("message", keep);
  for (const event of kept) dispatchEvent(new MessageEvent("message", event));
}, (error) => setTimeout(() => {
  throw new Error(why ? "${forbids("page")}" + why : error.message);
}, 50));`;
