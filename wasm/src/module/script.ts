// Starts workers of a browser, also where the page forbids the plain way.

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

/** Makes a script of this origin that loads one of another origin, and gives its address. */
export type Bridge = (script: Script) => string | Promise<string>;

/** The address that a browser starts a worker with for this script; `bridge` is as for `Bridge`. */
export const addressOf = <Address>(
  script: Script,
  bridge: (script: Script) => Address,
): Address | string => (isElsewhere(script.url) ? bridge(script) : script.url);

/** Starts a worker with a script at its address. */
export const startScript = (address: string, options?: WorkerOptions): Worker =>
  new Worker(trusted(address) as string, options);

/** Whether a browser takes the script for one of another origin, which it starts no worker with. */
export function isElsewhere(url: string): boolean {
  const { origin, protocol } = new URL(url, globalThis.location?.href);
  return /^https?:$/.test(protocol) && origin !== globalThis.origin;
}

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
