// Keeps what is shown of something that changes all the time up to date: it asks when something has
// changed or what is shown comes into sight, and rests after each answer.
import { Sight } from "../ui/pace";

export interface RefresherOptions {
  // Where it is shown.
  place: Element;
  // Whether to ask, given whether the place is in sight in a tab that is.
  wanted(seen: boolean): boolean;
  // Asks once and shows the answer; resolves with the milliseconds to rest then.
  ask(): Promise<number>;
}

export class Refresher {
  private readonly sight: Sight;
  private asking = false;
  private again = false;
  private urgent = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: RefresherOptions) {
    this.sight = new Sight(options.place, () => this.renew());
  }

  // Something has changed.
  renew(): void {
    if (!this.options.wanted(this.sight.seen)) return;
    if (this.asking || this.timer !== undefined) this.again = true;
    else void this.ask();
  }

  // Something has changed that the visitor waits for, so nothing rests.
  hurry(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.urgent = this.asking;
    this.renew();
  }

  private async ask(): Promise<void> {
    this.asking = true;
    this.again = false;
    const rest = await this.options.ask();
    this.asking = false;
    this.timer = setTimeout(
      () => {
        this.timer = undefined;
        if (this.again) this.renew();
      },
      this.urgent ? 0 : rest,
    );
    this.urgent = false;
  }
}
