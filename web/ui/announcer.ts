// Tells screen readers the latest sentence, at most one within ten seconds.

const pause = 10_000;

export class Announcer {
  private sentence = "";
  private spokenAt = -pause;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly region: HTMLElement) {}

  say(sentence: string): void {
    this.sentence = sentence;
    this.timer ??= setTimeout(() => this.speak(), this.spokenAt + pause - performance.now());
  }

  private speak(): void {
    this.timer = undefined;
    this.spokenAt = performance.now();
    this.region.textContent = this.sentence;
  }
}
