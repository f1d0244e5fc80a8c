// Pauses between slices of work.

/** What of the scope that runs this decides how it breathes. */
interface Scope {
  setImmediate?(go: () => void): void;
  scheduler?: unknown;
  WorkerGlobalScope?: unknown;
  crypto?: { subtle?: SubtleCrypto };
}

/**
 * Makes a function that lets waiting messages be handled before it resolves. It does not use a
 * timer, since those are slowed down in hidden tabs. Node has no such tabs, but handles a thousand
 * messages of one channel before it looks at another one. WebKit, which has no scheduler, brings the
 * messages of a worker's channel to it by way of the page's thread, and a page that draws lets them
 * wait; a digest comes straight from a thread of its own, after the messages that were there before.
 */
export function makeBreath(): () => Promise<void> {
  const { setImmediate, scheduler, WorkerGlobalScope, crypto } = globalThis as Scope;
  if (setImmediate) return () => new Promise((resolve) => setImmediate(resolve));
  const { subtle } = crypto ?? {};
  if (WorkerGlobalScope && !scheduler && subtle) {
    const nothing = new Uint8Array(1);
    return async () => void (await subtle.digest("SHA-1", nothing));
  }
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      port2.postMessage(null);
    });
}
