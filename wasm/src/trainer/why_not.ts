// Finds out why a worker did not start, of which browsers say little. It is loaded when that has happened.
import { textOf } from "../errors.js";
import { inNode } from "../module/place.js";
import { forbids, watchPolicy } from "../module/policy.js";
import { isElsewhere } from "../module/script.js";

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

/** What the server says about a script that could not be started, or what is said already. */
export async function whyNot(url: string | undefined, said: string): Promise<string> {
  const asked = url !== undefined && !inNode() && /^https?:/.test(url);
  // The worker knows of a policy.
  if (!asked || said.startsWith(forbids("page"))) return said;
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
