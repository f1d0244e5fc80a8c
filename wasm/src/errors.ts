// The one error class of the package. Where the engine finds the fault, the message is the
// engine's, so it is the same in C++, in JavaScript and on the page.
import type { ErrorCode, ErrorDetails, ErrorMessage } from "./protocol/messages.js";

/**
 * What everything in this package throws. The message is one sentence that can be shown to people.
 */
export class LanegradError extends Error {
  /** The kind of the fault. */
  readonly code: ErrorCode;
  /** What the error is about: programs read this, and never the message. */
  readonly details: ErrorDetails;

  /** Makes an error of this kind; `options.cause` is what was thrown first. */
  constructor(
    code: ErrorCode,
    message: string,
    options?: ErrorOptions & { details?: ErrorDetails },
  ) {
    super(message, options);
    this.name = "LanegradError";
    this.code = code;
    this.details = options?.details ?? {};
  }

  /**
   * @internal What another copy of this class has made is one of it, too: each script of the package has the class, as
   * other copies of the package have.
   */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return (
      super[Symbol.hasInstance](value) ||
      (this === LanegradError && value instanceof Error && value.name === "LanegradError")
    );
  }
}

/**
 * Any thrown value as a LanegradError; another error counts as a fault of the package, `Internal`.
 */
export function asLanegradError(thrown: unknown): LanegradError {
  if (thrown instanceof LanegradError) return thrown;
  return new LanegradError("Internal", String(thrown), { cause: thrown });
}

/** The error that has come from another thread, or from the engine, as a message. */
export function errorOf({ code, message, details, stack }: ErrorMessage): LanegradError {
  const error = new LanegradError(code, message, { details });
  if (stack) error.stack = stack;
  return error;
}

/** What a thrown value says. */
export function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
