// Takes the place of trainer/on_demand.ts in lanegrad/inline, which has no writer of other programs' formats.
import { LanegradError } from "../errors.js";
import * as pump from "../trainer/pump.js";
import * as whyNot from "../trainer/why_not.js";

export const loadFormats = (): Promise<typeof import("../formats/formats.js")> =>
  Promise.reject(
    new LanegradError(
      "Unsupported",
      "export: lanegrad/inline writes no files of other programs, expected exportNet of lanegrad/formats with the bytes of save()",
    ),
  );

export const loadPump = (): Promise<typeof pump> => Promise.resolve(pump);

export const loadWhyNot = (): Promise<typeof whyNot> => Promise.resolve(whyNot);
