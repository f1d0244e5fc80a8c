// The names under which the browser keeps runs, and those that a run kept for comparison can have.
export const letters = [..."ABCDEFGHIJKL"];

// Where tabs say to each other that they have kept or forgotten a run.
export const channelName = "lanegrad-runs";
