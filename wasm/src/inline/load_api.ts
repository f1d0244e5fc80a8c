// Takes the place of load_api.ts in lanegrad/inline, which holds everything.
export { load } from "../api/lanegrad.js";
