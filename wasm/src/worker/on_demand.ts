// Loads what few ask of a trainer when somebody does. inline/worker_on_demand.ts takes the place of this file in lanegrad/inline.
import { LanegradError, textOf } from "../errors.js";

type Explanation = typeof import("./explanation.js");

/** A script that stands by itself. Some bundlers refuse workers whose script is split, so it is a file to them. */
export async function explanation(): Promise<Explanation> {
  try {
    const url = new URL("./explanation.js", import.meta.url);
    return (await import(/* @vite-ignore */ /* webpackIgnore: true */ url.href)) as Explanation;
  } catch (thrown) {
    throw new LanegradError(
      "LoadFailed",
      `trainer: explanation.js could not be loaded from beside the package (${textOf(thrown)})`,
      { cause: thrown },
    );
  }
}
