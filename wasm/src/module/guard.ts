// Makes the functions of the module throw LanegradErrors, and tells when it has crashed.
import { asLanegradError, errorOf, LanegradError, textOf } from "../errors.js";
import type { ErrorMessage } from "../protocol/messages.js";

type Callable = (this: unknown, ...values: unknown[]) => unknown;

/**
 * Replaces every bound function, and the methods of every handle, by one that throws LanegradError.
 * Returns a function to be called when the module has died in another way.
 */
export function guardModule(module: Record<string, unknown>): (cause: unknown) => void {
  let dead: LanegradError | undefined;
  const guard = (call: Callable): Callable =>
    function (...values) {
      if (dead) throw crashed(dead.cause);
      let result: unknown;
      try {
        result = call.apply(this, values);
      } catch (thrown) {
        if (isFullMemory(thrown))
          throw new LanegradError("OutOfMemory", noMemory, { cause: thrown });
        throw isFatal(thrown) ? (dead = crashed(thrown)) : asLanegradError(thrown);
      }
      const failure = module.failure as ErrorMessage | undefined;
      if (failure === undefined) return result;
      module.failure = undefined;
      throw errorOf({ ...failure, message: failure.message.replace(setting, inJavaScript) });
    };
  for (const [name, value] of Object.entries(module)) {
    if (typeof value !== "function") continue;
    if (!name.endsWith("Handle")) {
      module[name] = guard(value as Callable);
      continue;
    }
    const methods = value.prototype as Record<string, unknown>;
    for (const method of Object.keys(methods)) {
      methods[method] = guard(methods[method] as Callable);
    }
    methods.delete = guard(methods.delete as Callable);
  }
  return (cause) => void (dead ??= crashed(cause));
}

/** A setting that the engine says as the terminal does: "recipe: batch-size". */
const setting = /^recipe: [\w-]+/;
const inJavaScript = (key: string): string =>
  key.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

const noMemory = "engine: there is not enough memory for this";

/** What JavaScript throws at a limit of its own; Firefox has a class for it that others do not have. */
const isLimit = (thrown: unknown): thrown is Error =>
  thrown instanceof RangeError || (thrown as Error | undefined)?.name === "InternalError";

/** Whether JavaScript has no room for a copy. The engine itself is unharmed then. */
function isFullMemory(thrown: unknown): boolean {
  return isLimit(thrown) && /alloc|memory/i.test(thrown.message);
}

/**
 * Whether the module's memory can no longer be trusted: after a trap, or when a stack has
 * overflowed.
 */
function isFatal(thrown: unknown): boolean {
  return (
    thrown instanceof WebAssembly.RuntimeError ||
    thrown instanceof WebAssembly.Exception ||
    isLimit(thrown)
  );
}

function crashed(cause: unknown): LanegradError {
  return new LanegradError(
    "Crashed",
    `engine: it has crashed (${textOf(cause)}) and has to be loaded again`,
    { cause },
  );
}
