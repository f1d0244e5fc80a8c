// Keeps what is shown of something that changes all the time up to date: it asks when something has
// changed, rests after each answer, and asks nothing while the page is hidden.

export interface RefresherOptions {
  // Whether anybody sees what would be shown.
  wanted(): boolean;
  // Asks once and shows the answer; resolves with the milliseconds to rest then.
  ask(): Promise<number>;
}

export class Refresher {
  private asking = false;
  private again = false;
  private urgent = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: RefresherOptions) {
    document.addEventListener("visibilitychange", () => this.renew());
  }

  // Something has changed.
  renew(): void {
    if (document.hidden || !this.options.wanted()) return;
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
