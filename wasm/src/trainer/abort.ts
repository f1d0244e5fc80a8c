// What an AbortSignal ends in the page.
import { LanegradError } from "../errors.js";

/** The error of what a signal has ended. */
export const aborted = (what: string, signal: AbortSignal): LanegradError =>
  new LanegradError("Aborted", `${what}: it was aborted`, { cause: signal.reason });

/** The result of `work`, unless the signal is aborted before: then it rejects with `Aborted` at once, and `stop` is called. */
export async function abortable<T>(
  what: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
  stop: () => void,
): Promise<T> {
  if (!signal) return work();
  if (signal.aborted) throw aborted(what, signal);
  let abort!: () => void;
  const ended = new Promise<never>((_, reject) => {
    abort = () => {
      reject(aborted(what, signal));
      stop();
    };
    signal.addEventListener("abort", abort);
  });
  try {
    return await Promise.race([work(), ended]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
