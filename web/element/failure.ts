// What an element could not do, in one sentence, before there is a package that has its own errors.
import type { ErrorCode } from "lanegrad";

export class Failure extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** Any thrown value as the kind of its fault and its sentence. */
export function failureOf(thrown: unknown): { code: ErrorCode; message: string } {
  const { code, message } = thrown as { code?: unknown; message?: unknown };
  return {
    code: typeof code === "string" ? (code as ErrorCode) : "Internal",
    message: typeof message === "string" ? message : String(thrown),
  };
}
