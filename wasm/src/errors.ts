// The one error class of the package. Its texts come from the engine wherever the engine found the
// fault, so they are the same in C++, in JavaScript and on the page.

/**
 * What kind of fault it was. All but the last three come from the engine; `LoadFailed`: a file of the
 * package could not be fetched or started; `Crashed`: the engine's instance is dead and has to be
 * loaded again; `Aborted`: an AbortSignal ended the work.
 */
export type ErrorCode =
  | "InvalidArgument"
  | "ShapeMismatch"
  | "CorruptData"
  | "InvalidState"
  | "NotFound"
  | "OutOfMemory"
  | "Unsupported"
  | "Diverged"
  | "Internal"
  | "LoadFailed"
  | "Crashed"
  | "Aborted";

/** What everything in this package throws. The message is one sentence that can be shown to people. */
export class LanegradError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "LanegradError";
    this.code = code;
  }
}

/** Any thrown value as a LanegradError; what is none yet counts as a fault of the package. */
export function asLanegradError(thrown: unknown): LanegradError {
  if (thrown instanceof LanegradError) return thrown;
  const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new LanegradError("Internal", message, { cause: thrown });
}
