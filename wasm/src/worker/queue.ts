// Work that wants the training to stand still.

/** Runs one piece of work at a time, in the order in which they came. */
export class Queue {
  /** The tasks, by their numbers, that nobody waits for any more. */
  readonly cancelled = new Set<number>();
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Whether any work is under way or waits. */
  get busy(): boolean {
    return this.#waiting > 0;
  }

  /** Settles when the work that has come so far is done, and never rejects. */
  get idle(): Promise<unknown> {
    return this.#last;
  }

  async alone<T>(work: () => T | Promise<T>): Promise<T> {
    this.#waiting++;
    const done = this.#last.then(work).finally(() => this.#waiting--);
    this.#last = done.catch(() => {});
    return done;
  }
}
