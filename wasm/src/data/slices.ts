// Work in slices, between which others have their turn, and which a signal stops.
import * as check from "../check.js";
import { LanegradError } from "../errors.js";
import { makeBreath } from "../module/breath.js";

/** The most milliseconds of a slice. */
const sliceMilliseconds = 12;

export const signalOf = (what: string, value: unknown): unknown => {
  // A signal of another window or context is no instance of this context's AbortSignal.
  const right = typeof (value as AbortSignal | undefined)?.aborted === "boolean";
  return right ? value : check.fail(what, value, "an AbortSignal");
};

/** Throws `Aborted` where the signal says so. */
export function stopWhereAborted(signal: AbortSignal | undefined, what: string): void {
  if (signal?.aborted)
    throw new LanegradError("Aborted", `table: ${what} was aborted`, { cause: signal.reason });
}

/** Does pieces of `what` until one says that there is none left. */
export async function inSlices(
  what: string,
  signal: AbortSignal | undefined,
  piece: () => boolean,
): Promise<void> {
  const breath = makeBreath();
  for (let more = true; more;) {
    stopWhereAborted(signal, what);
    const end = performance.now() + sliceMilliseconds;
    while (more && performance.now() < end) more = piece();
    if (more) await breath();
  }
}
