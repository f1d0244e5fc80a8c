// How often a page draws what changes all the time.

// The milliseconds from one drawing to the next: nobody reads numbers faster, and curves move smoothly. The longer
// one is a multiple of the shorter, so that both are drawn in one frame.
export const numbersRest = 100;
export const curvesRest = 50;

// What waits to be drawn, by the time at which it is due: all of it is drawn in one task, so that the browser paints
// once.
const waiting = new Map<number, Set<Paced>>();

function drawDue(due: number): void {
  const all = waiting.get(due)!;
  waiting.delete(due);
  for (const paced of all) {
    try {
      paced.flush();
    } catch (error) {
      reportError(error);
    }
  }
}

// Draws what has changed at the next multiple of `rest()` milliseconds, once for all changes until then.
export class Paced {
  // What waits for the same time; undefined where nothing has changed.
  private among: Set<Paced> | undefined;

  constructor(
    private readonly rest: () => number,
    private readonly draw: () => void,
  ) {}

  // Something has changed.
  renew(): void {
    if (this.among) return;
    const [now, rest] = [Date.now(), this.rest()];
    const due = now - (now % rest) + rest;
    if (!waiting.has(due)) {
      waiting.set(due, new Set());
      setTimeout(drawDue, due - now, due);
    }
    this.among = waiting.get(due)!;
    this.among.add(this);
  }

  // Draws what has changed at once, as where nothing more is to come.
  flush(): void {
    if (!this.among) return;
    this.among.delete(this);
    this.among = undefined;
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
