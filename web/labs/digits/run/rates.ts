import { changed, rateAt, taken, type Changes, type Rates } from "../../../settings/rates";
import type { Settings } from "../settings/digits_settings";

// The rates that the current net learns with. Those of the settings are what a start would learn
// with: they differ where another rate was asked for while the net stood still.
export class LearningRates {
  private held: Rates;
  private asked: Rates | undefined;

  constructor(private readonly settings: Settings) {
    this.held = { lr: settings.lr, rates: settings.rates };
  }

  get all(): Rates {
    return this.held;
  }

  // The rate after a number of steps, or the one that was asked for.
  at(step: number): number {
    return this.asked?.lr ?? rateAt(this.held, step);
  }

  // The rates that have held for a step so far, in order.
  taken(steps: number): number[] {
    return taken(this.held, steps);
  }

  // Asks for a rate while the net stands still, and for changes on the way.
  ask(lr: number, rates: Changes = []): void {
    this.asked = { lr, rates };
  }

  // Sets the rates of a start: where it goes on after so many steps, the first rate and a change on
  // the way.
  settle(step: number, goesOn: boolean): void {
    const { settings, held, asked } = this;
    if (asked === undefined) Object.assign(settings, held);
    else if (goesOn) Object.assign(settings, changed(held, step, asked.lr));
    else Object.assign(settings, asked);
  }

  // The net learns with the rates of the settings.
  take(): void {
    this.asked = undefined;
    this.held = { lr: this.settings.lr, rates: this.settings.rates };
  }

  // The net learns with the rate that was asked for, if any.
  takeAsked(): void {
    if (this.asked !== undefined) this.take();
  }

  // The net learns with another rate after so many steps.
  change(step: number, rate: number): void {
    Object.assign(this.settings, changed(this.settings, step, rate));
    this.take();
  }
}
