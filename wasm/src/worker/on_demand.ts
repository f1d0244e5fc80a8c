// Loads what few ask of a trainer when somebody does.
import { LanegradError, textOf } from "../errors.js";

export const explanation = () =>
  import("./explanation.js").catch((thrown: unknown) => {
    throw new LanegradError(
      "LoadFailed",
      `trainer: explanation.js could not be loaded from beside the package (${textOf(thrown)})`,
      { cause: thrown },
    );
  });
