// Starts workers of a browser, also where the page forbids the plain way.

import { forbids } from "./policy.js";

/** A script for a worker. */
export interface Script {
  url: string;
  options?: WorkerOptions | undefined;
}

/**
 * The script that an expression makes a worker of. Bundlers write the address of the script that they made into that
 * expression alone, so it is evaluated with a Worker that only looks.
 */
export function scriptOf(make: () => Worker): Script {
  const scope = globalThis as { Worker: unknown };
  const { Worker } = scope;
  let script: Script | undefined;
  scope.Worker = function (url: string | URL, options?: WorkerOptions) {
    script = { url: String(url), options };
  };
  try {
    make();
  } finally {
    scope.Worker = Worker;
  }
  if (!script) throw new Error("no worker is made");
  return script;
}

/** The address of a script that is given as text, as one of this origin. */
export function scriptWith(text: string): Script {
  return { url: URL.createObjectURL(new Blob([text], { type: "text/javascript" })) };
}

/** Starts a worker with a script, which may be another origin's if that allows it. */
export function startScript({ url, options }: Script): Worker {
  const address = isElsewhere(url) ? trampoline(url, options) : url;
  return new Worker(trusted(address) as string, options);
}

/** Whether a browser takes the script for one of another origin, which it starts no worker with. */
export function isElsewhere(url: string): boolean {
  const { origin, protocol } = new URL(url, globalThis.location?.href);
  return /^https?:$/.test(protocol) && origin !== globalThis.origin;
}

const known = new Map<string, string>();

/** A script of this origin that loads the one of another origin. */
function trampoline(url: string, options?: WorkerOptions): string {
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

/** What a worker dies of, as the browser reports it. */
export const reasonOf = ({ message = "" }: Partial<ErrorEvent>): string =>
  message.replace(/^(Uncaught )?(\w*Error: )?/, "");

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): unknown };
}

let policy: ReturnType<TrustedTypes["createPolicy"]> | undefined;

/** The address as pages want it that require trusted types: by the policy `lanegrad`, which they may forbid. */
function trusted(url: string): unknown {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (!trustedTypes) return url;
  try {
    policy ??= trustedTypes.createPolicy("lanegrad", { createScriptURL: (address) => address });
  } catch {
    return url;
  }
  return policy.createScriptURL(url);
}
