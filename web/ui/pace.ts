// How often a page draws what changes all the time.

// The milliseconds from one drawing to the next: nobody reads numbers faster, and curves move smoothly. The longer
// one is a multiple of the shorter, so that both are drawn in one frame.
export const numbersRest = 100;
export const curvesRest = 50;

// Draws what has changed at the next multiple of `rest()` milliseconds, once for all changes until then.
export class Paced {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly rest: () => number,
    private readonly draw: () => void,
  ) {}

  // Something has changed.
  renew(): void {
    if (this.timer !== undefined) return;
    const rest = this.rest();
    this.timer = setTimeout(() => this.flush(), rest - (Date.now() % rest));
  }

  // Draws what has changed at once, as where nothing more is to come.
  flush(): void {
    if (this.timer === undefined) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.draw();
  }
}

// Whether an element is in sight, in a tab that is; `onSeen` is called when it becomes so.
export class Sight {
  private inSight = false;

  constructor(place: Element, onSeen: () => void) {
    const see = () => this.seen && onSeen();
    new IntersectionObserver((entries) => {
      this.inSight = entries.at(-1)!.isIntersecting;
      see();
    }).observe(place);
    place.ownerDocument.addEventListener("visibilitychange", see);
  }

  get seen(): boolean {
    return this.inSight && !document.hidden;
  }
}
