// MNIST, all or the small one, fetched and unpacked by a worker of its own.
import { LanegradError } from "lanegrad";
import { connect } from "../run/remote";
import type { Mnist, MnistFunctions, OnBytes } from "./mnist_worker";

export type { Mnist, OnBytes };

/** All of MNIST, or the small one for slow lines. */
export type WhichMnist = "full" | "small";

export async function fetchMnist(onBytes: OnBytes, which: WhichMnist = "full"): Promise<Mnist> {
  const worker = new Worker(new URL("./mnist_worker.ts", import.meta.url), { type: "module" });
  const ended = (why: string) =>
    new LanegradError("LoadFailed", `MNIST: the worker that fetches it did not start (${why})`);
  try {
    const { fetchMnist } = connect<MnistFunctions>(worker, ended);
    return await fetchMnist(document.baseURI, which === "small", onBytes);
  } finally {
    worker.terminate();
  }
}
