// The public surface of lanegrad/predict: a trained net answers from its file alone.
export { Net } from "./predict/net.js";
export { LanegradError } from "./errors.js";

export type { Answers, NetLayer, NetSource, PredictOptions } from "./predict/net.js";
export type { ErrorCode, ErrorDetails } from "./protocol/messages.js";
