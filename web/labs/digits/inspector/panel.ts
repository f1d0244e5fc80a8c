// Looks inside the net while it learns, once somebody has opened the inspector: at most four times
// a second, so seldom that it takes a few hundredths of the time, and not at all while it is
// closed, out of sight or hidden. inspector_view.ts shows it, and is loaded when it is first
// opened.
import { lazy } from "../../../ui/lazy";
import { Problems, retriable } from "../../../ui/problems";
import type { Digits } from "../run/picture_set";
import type { Hand } from "../run/selected_picture";
import type { InspectorView } from "./inspector_view";
import type { Session } from "../run/digits_run";

const loadView = lazy(() => import("./inspector_view"), "InspectorView");

// The milliseconds from one look to the next.
const rest = 250;
// The time between two looks is at least this many times what a look takes.
const restShare = 50;

export interface InspectorOptions {
  details: HTMLDetailsElement;
  session: Session;
  hand: Hand;
  // The pictures, which give the size and the names of the classes.
  pictures(): Digits | undefined;
  // Matches where the visitor wants less motion.
  calm: MediaQueryList;
}

export class Inspector {
  private view: InspectorView | undefined;
  private readonly problems: Problems;
  private inSight = false;
  private asking = false;
  private more = false;
  // True after a failure, until somebody asks again.
  private broken = false;

  constructor(private readonly options: InspectorOptions) {
    const { details } = options;
    this.problems = new Problems(details);
    details.addEventListener("toggle", () => this.again());
    document.addEventListener("visibilitychange", () => this.renew());
    new IntersectionObserver(([entry]) => {
      this.inSight = entry!.isIntersecting;
      this.renew();
    }).observe(details);
  }

  // The net or the current picture has changed.
  renew(): void {
    const { details, calm } = this.options;
    if (!details.open || !this.inSight || document.hidden || this.broken) return;
    this.more = this.asking;
    if (this.asking) return;
    this.asking = true;
    const ready = () => {
      this.asking = false;
      if (this.more) this.renew();
    };
    void this.look().then(
      (cost) => setTimeout(ready, Math.max(calm.matches ? 2000 : rest, restShare * cost)),
      (error: unknown) => {
        this.broken = true;
        this.problems.show(retriable(error, () => this.again()));
        ready();
      },
    );
  }

  private again(): void {
    this.broken = false;
    this.problems.clear();
    this.renew();
  }

  // Looks once; resolves with the milliseconds that it took the worker.
  private async look(): Promise<number> {
    const { details, session, hand } = this.options;
    const { InspectorView } = await loadView();
    this.view ??= new InspectorView(details);
    const inHand = hand.get();
    const inspection = await session.inspect(inHand?.pixels);
    const pictures = this.options.pictures();
    if (!inspection || !inHand || !pictures) return 0;
    this.view.show(inspection, inHand, pictures);
    return inspection.milliseconds;
  }
}
