// The worker's side of client.mjs: makes runners and runs them when it is told to, one call at a
// time.

/**
 * @param {Record<string, (spec: any) => Promise<object> | object>} makers by kind of work; each gives
 * { run(milliseconds) → { units, seconds }, about?, dispose?() }
 */
export function host(makers) {
  const runners = new Map();
  const calls = {
    async make({ key, spec }) {
      const runner = await makers[spec.kind](spec);
      runners.set(key, runner);
      return runner.about ?? {};
    },
    run: ({ key, milliseconds }) => runners.get(key).run(milliseconds),
    async dispose({ key }) {
      await runners.get(key).dispose?.();
      runners.delete(key);
    },
  };
  self.onmessage = async ({ data: { id, call, ...parameters } }) => {
    try {
      self.postMessage({ id, value: await calls[call](parameters) });
    } catch (error) {
      self.postMessage({ id, error: String(error?.stack ?? error?.message ?? error) });
    }
  };
  self.postMessage({ id: "ready" });
}
