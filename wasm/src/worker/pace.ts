// Time in the worker: slices of work, pauses for messages between them, and points of the curves.

/** The length of a slice of work, which is how long a message may wait. */
export const sliceMilliseconds = 8;

/** Milliseconds between two progress messages. */
export const progressMilliseconds = 16;

/** The most points of a curve in one progress message. */
const maxPoints = 64;

/** The steps since the last message. They are thinned into averages when they are taken. */
export class Points {
  #steps: number[] = [];
  #losses: number[] = [];
  #accuracies: number[] = [];

  get isEmpty(): boolean {
    return this.#steps.length === 0;
  }

  add(step: number, loss: number, accuracy: number): void {
    this.#steps.push(step);
    this.#losses.push(loss);
    this.#accuracies.push(accuracy);
  }

  take(): { steps: number[]; losses: number[]; accuracies: number[] } {
    const group = Math.ceil(this.#steps.length / maxPoints);
    const taken = {
      steps: this.#steps.filter((_, i) => (i + 1) % group === 0 || i === this.#steps.length - 1),
      losses: means(this.#losses, group),
      accuracies: means(this.#accuracies, group),
    };
    this.#steps = [];
    this.#losses = [];
    this.#accuracies = [];
    return taken;
  }
}

/** The means of `group` values at a time; the last group may be smaller. */
function means(values: number[], group: number): number[] {
  const result: number[] = [];
  for (let begin = 0; begin < values.length; begin += group) {
    const part = values.slice(begin, begin + group);
    result.push(part.reduce((sum, value) => sum + value, 0) / part.length);
  }
  return result;
}

/**
 * The time that a training takes: its work, and what goes by between two pieces of it, since that is
 * what a visitor waits for.
 */
export class Clock {
  #since = 0;

  /** Begins to count; what went by before belongs to a pause. */
  start(): void {
    this.#since = performance.now();
  }

  /** The seconds since the last lap or start. */
  lap(): number {
    const now = performance.now();
    const seconds = (now - this.#since) / 1000;
    this.#since = now;
    return seconds;
  }
}

/** How much of something is done per second, over about the last two seconds. */
export class Rate {
  #amount = 0;
  #seconds = 0;

  add(amount: number, seconds: number): void {
    const rest = Math.exp(-seconds / 2);
    this.#amount = this.#amount * rest + amount;
    this.#seconds = this.#seconds * rest + seconds;
  }

  /** The rate; 0 before anything was measured. */
  get perSecond(): number {
    return this.#seconds > 0 ? this.#amount / this.#seconds : 0;
  }
}
