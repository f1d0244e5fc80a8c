// Runs the commands of a visitor one after the other, in the order of the clicks.
import { LanegradError } from "lanegrad";

export class CommandQueue {
  private last: Promise<unknown> = Promise.resolve();

  /**
   * `failed` is told the error of a command before the next one begins; what it throws goes to
   * whoever asked for the command.
   */
  constructor(private readonly failed: (error: unknown) => void) {}

  run(command: () => Promise<void>): Promise<void> {
    const done = this.last.then(command).catch(this.failed);
    this.last = done.catch(() => {});
    return done;
  }
}

/** Whether the engine's worker has ended, so that another one is needed. */
export const isCrash = (error: unknown): boolean =>
  error instanceof LanegradError && error.code === "Crashed";
