// Ends a piece of work and goes on with the next: drawing, clicks and keys come first. Timers would rest in a
// hidden tab.
export const nextTask = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
