// Pauses between slices of work.

/**
 * Makes a function that lets waiting messages be handled before it resolves. It does not use a
 * timer, since those are slowed down in hidden tabs. Node has no such tabs, but handles a thousand
 * messages of one channel before it looks at another one.
 */
export function makeBreath(): () => Promise<void> {
  const { setImmediate } = globalThis as { setImmediate?: (go: () => void) => void };
  if (setImmediate) return () => new Promise((resolve) => setImmediate(resolve));
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      port2.postMessage(null);
    });
}
