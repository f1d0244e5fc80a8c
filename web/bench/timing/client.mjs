// The page's side of a worker that host.mjs serves.

/**
 * @typedef {{ run: (milliseconds: number) => Promise<import("./slices.mjs").Slice>, about: any, dispose: () => Promise<void> }} Runner
 *
 * @param {Worker} worker just started
 * @returns {Promise<{ make: (spec: object) => Promise<Runner>, close: () => void }>}
 */
export async function connect(worker) {
  const pending = new Map();
  let next = 0;
  const ready = new Promise((resolve, reject) => pending.set("ready", { resolve, reject }));
  worker.onerror = (event) => {
    const error = new Error(event.message ?? "a worker could not be started");
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
  };
  worker.onmessage = ({ data: { id, value, error } }) => {
    const call = pending.get(id);
    pending.delete(id);
    if (error) call?.reject(new Error(error));
    else call?.resolve(value);
  };
  await ready;

  const call = (name, parameters) =>
    new Promise((resolve, reject) => {
      pending.set(++next, { resolve, reject });
      worker.postMessage({ id: next, call: name, ...parameters });
    });
  let keys = 0;
  return {
    async make(spec) {
      const key = ++keys;
      const about = await call("make", { key, spec });
      return {
        about,
        run: (milliseconds) => call("run", { key, milliseconds }),
        dispose: () => call("dispose", { key }),
      };
    },
    close: () => worker.terminate(),
  };
}

/**
 * As many peak loops at once as there are runners; their speeds add up.
 * @param {Runner[]} threads
 * @returns {(milliseconds: number) => Promise<import("./slices.mjs").Slice>}
 */
export const together = (threads) => async (milliseconds) => {
  const slices = await Promise.all(threads.map((thread) => thread.run(milliseconds)));
  return {
    units: slices.reduce((sum, { units, seconds }) => sum + units / seconds, 0),
    seconds: 1,
  };
};
