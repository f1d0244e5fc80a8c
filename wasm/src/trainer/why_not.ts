// Starts workers with scripts of another origin, and finds out why a worker did not start, of which browsers say little. It is
// loaded when there is such a script, or that has happened.
import { textOf } from "../errors.js";
import { inNode } from "../module/place.js";
import { forbids, watchPolicy } from "../module/policy.js";
import { isElsewhere, reasonOf } from "../module/script.js";

export { bridge } from "../module/elsewhere.js";

/** The headers that another origin's script may lack, which could not be read. */
async function missingFrom(url: string): Promise<string> {
  const allowed = "Access-Control-Allow-Origin";
  try {
    // This works where nothing but that is missing.
    await fetch(url, { method: "HEAD", mode: "no-cors" });
    return allowed;
  } catch {
    return globalThis.crossOriginIsolated
      ? `${allowed}, in an isolated page with Cross-Origin-Resource-Policy: cross-origin, or it cannot be reached`
      : `${allowed}, or it cannot be reached`;
  }
}

/** Why the script could not be started: what is said already, or what the server says. */
export async function whyNot(url: string | undefined, told: string): Promise<string> {
  const said = reasonOf({ message: told });
  const asked = url !== undefined && !inNode() && /^https?:/.test(url);
  if (said.startsWith(forbids("page"))) {
    const blob = url !== undefined && (!asked || isElsewhere(url)) && said.endsWith("worker-src");
    return blob ? `${said}, which has to allow blob:` : said;
  }
  if (!asked) return said;
  const policy = watchPolicy(/connect/);
  try {
    const answer = await answerOf(url);
    // The policy may forbid to ask, too.
    return ((await policy.violated()) ? undefined : answer) ?? said;
  } finally {
    policy.end();
  }
}

/** What the server says; undefined where that is nothing of use. */
async function answerOf(url: string): Promise<string | undefined> {
  let answer: Response;
  try {
    answer = await fetch(url, { method: "HEAD" });
  } catch (thrown) {
    return isElsewhere(url)
      ? `another origin's server has to allow it by ${await missingFrom(url)}`
      : `it could not be fetched: ${textOf(thrown)}`;
  }
  if (!answer.ok) return `the server answered ${answer.status}`;
  const type = answer.headers.get("Content-Type") ?? "";
  if (!/\b(java|ecma)script\b/i.test(type)) {
    return `it is ${type === "" ? "of no known type" : type}, expected text/javascript`;
  }
  // Another origin's headers are hidden.
  if (isElsewhere(url) || !globalThis.crossOriginIsolated) return undefined;
  const policy = "Cross-Origin-Embedder-Policy";
  const wanted = ["require-corp", "credentialless"];
  if (wanted.some((value) => answer.headers.get(policy)?.startsWith(value))) return undefined;
  return `it comes without ${policy}: ${wanted[0]}, which an isolated page's workers need, too`;
}
