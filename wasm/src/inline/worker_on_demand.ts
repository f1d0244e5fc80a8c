// Takes the place of worker/on_demand.ts in lanegrad/inline, which holds everything.
import * as all from "../worker/explanation.js";

export const explanation = (): Promise<typeof all> => Promise.resolve(all);
