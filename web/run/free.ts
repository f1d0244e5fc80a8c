// Memory that goes at once.

/** Frees the memory of a buffer now rather than with the next collection of garbage, which sees little reason to come. */
export function free(buffer: ArrayBufferLike & { transfer?(length: number): unknown }): void {
  if (buffer.transfer) {
    buffer.transfer(0);
  } else if (buffer instanceof ArrayBuffer) {
    const { port1, port2 } = new MessageChannel();
    port1.postMessage(null, [buffer]);
    port1.close();
    port2.close();
  }
}
