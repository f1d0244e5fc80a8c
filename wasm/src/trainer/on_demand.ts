// Loads what few ask of a trainer when somebody does. inline/trainer_on_demand.ts takes the place of this file in
// lanegrad/inline.

/** The writer of other programs' formats. */
export const loadFormats = () => import("../formats/formats.js");

/** What sends data that come in batches. */
export const loadPump = () => import("./pump.js");

/** What starts workers of another origin, and finds out why one did not start. */
export const loadWhyNot = () => import("./why_not.js");
