// Looks inside the net while it learns, for whoever has opened that: at most four times a second, so seldom
// that it costs a few hundredths of the time, and not at all while it is closed, out of sight or hidden.
// What it shows is inspector_view.ts, which is loaded when it is first opened.
import { lazy } from "../../lazy";
import { Problems, retriable } from "../../widgets/problems";
import type { Digits } from "./digits";
import type { Hand } from "./hand";
import type { InspectorView } from "./inspector_view";
import type { Session } from "./session";

const loadView = lazy(() => import("./inspector_view"), "InspectorView");

const rest = 250; // ms from one look to the next
const restShare = 50; // times what a look costs

export interface InspectorOptions {
  details: HTMLDetailsElement;
  session: Session;
  hand: Hand;
  pictures(): Digits | undefined; // how large they are, and what the classes are called
  calm: MediaQueryList; // where less motion is asked for
}

export class Inspector {
  private view: InspectorView | undefined;
  private readonly problems: Problems;
  private inSight = false;
  private asking = false;
  private more = false;
  private broken = false; // nothing is asked for before somebody wants it again

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

  // The net or what is in hand has changed.
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

  // How long it took the worker.
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
