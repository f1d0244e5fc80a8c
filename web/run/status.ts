// What a run may be doing. One that was stopped can go on.

export type Status = "idle" | "loading" | "training" | "paused" | "stopped" | "finished" | "failed";

/** Whether a run is under way, even if it stands still for a moment. */
export const isRunning = (status: Status): boolean => status === "training" || status === "paused";
