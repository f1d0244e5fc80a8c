export { load, type Lanegrad } from "./api/lanegrad.js";
export { LanegradError } from "./errors.js";
