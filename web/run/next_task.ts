// Lets drawing, clicks, keys and messages come before the next piece of work. It does not use a
// timer, since those are slowed down in hidden tabs.
const { port1, port2 } = new MessageChannel();
const waiting: (() => void)[] = [];
port1.onmessage = () => waiting.shift()?.();

export const nextTask = (): Promise<void> =>
  new Promise((resolve) => {
    waiting.push(resolve);
    port2.postMessage(null);
  });
