// The public surface of lanegrad/data: files that people have become data for a training.
export { heldBack } from "./data/held_back.js";
export { readPictures } from "./data/pictures.js";
export { readTable } from "./data/table.js";
export { LanegradError } from "./errors.js";

export type * from "./protocol/pictures.js";
export type * from "./protocol/table.js";
export type { ErrorCode, ErrorDetails } from "./protocol/messages.js";
