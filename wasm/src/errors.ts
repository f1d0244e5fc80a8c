// The one error class of the package. Where the engine finds the fault, the message is the
// engine's, so it is the same in C++, in JavaScript and on the page.
import type { ErrorCode } from "./protocol/messages.js";

/**
 * What everything in this package throws. The message is one sentence that can be shown to people.
 */
export class LanegradError extends Error {
  /** The kind of the fault. */
  readonly code: ErrorCode;

  /** Makes an error of this kind; `options.cause` is what was thrown first. */
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "LanegradError";
    this.code = code;
  }
}

/**
 * Any thrown value as a LanegradError; another error counts as a fault of the package, `Internal`.
 */
export function asLanegradError(thrown: unknown): LanegradError {
  if (thrown instanceof LanegradError) return thrown;
  const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new LanegradError("Internal", message, { cause: thrown });
}

/** What a thrown value says. */
export function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
