// Calls a worker that host.mjs serves.

export async function connect(url, options) {
  const worker = new Worker(url, options);
  const pending = new Map();
  let next = 0;
  const fail = (message) => {
    for (const { reject } of pending.values()) reject(new Error(`${url}: ${message}`));
    pending.clear();
  };
  const ready = new Promise((resolve, reject) => pending.set("ready", { resolve, reject }));
  worker.onerror = (event) => fail(event.message ?? "the worker could not be started");
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
