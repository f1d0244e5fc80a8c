// What a run may be doing.

export type Status = "idle" | "loading" | "training" | "paused" | "finished" | "failed";

/** Whether a run is under way, even if it stands still for a moment. */
export const isRunning = (status: Status): boolean => status === "training" || status === "paused";
