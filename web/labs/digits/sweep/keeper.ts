// What the browser keeps of sweeps, of which there is one for all tabs: a sweep is trained in one tab at a time, and none
// takes the place of one that another tab has kept meanwhile before the visitor has seen that.
import type { DigitsRun } from "../run/digits_run";
import { forgetSweep, keepSweep, keptSweep, type StoredSweep } from "../storage/stored_sweep";

// What tells whether it is the same sweep, as far as it has come.
const stampOf = ({ results, ...plan }: StoredSweep) => JSON.stringify([plan, results.length]);

export class SweepKeeper {
  // The sweep that this tab has read or kept last.
  private known: string | undefined;
  private keeping: Promise<void> = Promise.resolve();
  // Whether it was said that the browser keeps nothing.
  private warned = false;

  constructor(private readonly run: DigitsRun) {}

  /** The kept sweep, where this tab does not know it yet; undefined where there is none or it does. */
  async unknown(): Promise<StoredSweep | undefined> {
    await this.keeping;
    if (this.warned) return undefined;
    const title = "A kept sweep is dropped";
    const kept = await keptSweep((message) => this.run.show({ title, message }, "notice"));
    if (!kept || stampOf(kept) === this.known) return undefined;
    this.known = stampOf(kept);
    return kept;
  }

  /** Keeps the sweep as it is now. */
  keep(sweep: StoredSweep): void {
    const kept = structuredClone(sweep);
    this.known = stampOf(kept);
    this.keeping = this.keeping
      .then(() => keepSweep(kept))
      .catch((error: Error) => {
        if (this.warned) return;
        this.warned = true;
        const message = `${error.message} Its results stay until this page is closed.`;
        this.run.show({ title: "This sweep is not kept in this browser", message }, "notice");
      });
  }

  forget(): void {
    this.keeping = this.keeping.then(forgetSweep).catch(() => {});
  }

  /** Does the work, unless a sweep is under way in another tab; returns whether it was done. */
  async alone(work: () => Promise<void>): Promise<boolean> {
    // A page that was not loaded safely has no locks.
    if (!("locks" in navigator)) return work().then(() => true);
    return navigator.locks.request("lanegrad-sweep", { ifAvailable: true }, async (lock) => {
      if (lock) await work();
      return lock !== null;
    });
  }
}
