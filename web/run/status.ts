// What a run may be doing. One that was stopped can go on.

export const statuses = [
  "idle",
  "loading",
  "training",
  "paused",
  "stopped",
  "finished",
  "failed",
] as const;
export type Status = (typeof statuses)[number];

/** Whether a run is under way, even if it stands still for a moment. */
export const isRunning = (status: Status): boolean => status === "training" || status === "paused";
