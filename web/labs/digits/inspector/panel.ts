// Looks inside the net while it learns, once somebody has opened the inspector: at most four times
// a second, so seldom that it takes a few hundredths of the time, and not at all while it is
// closed, out of sight or hidden. inspector_view.ts shows it, and is loaded when it is first
// opened.
import { Refresher } from "../../../run/refresher";
import { lazy } from "../../../ui/lazy";
import { Problems, retriable } from "../../../ui/problems";
import type { DigitsRun } from "../run/digits_run";
import type { InspectorView } from "./inspector_view";

const loadView = lazy(() => import("./inspector_view"), "InspectorView");

// The milliseconds from one look to the next.
const rest = 250;
// The time between two looks is at least this many times what a look takes.
const restShare = 50;

export function mount(place: HTMLElement, run: DigitsRun): void {
  const details = place as HTMLDetailsElement;
  const problems = new Problems(details);
  const lessMotion = matchMedia("(prefers-reduced-motion: reduce)");
  let view: InspectorView | undefined;
  // True after a failure, until somebody asks again.
  let broken = false;

  // Looks once; resolves with the milliseconds that it took the worker.
  async function look(): Promise<number> {
    const { InspectorView } = await loadView();
    view ??= new InspectorView(details);
    const { selected } = run;
    const inspection = await run.net.inspect(selected?.pixels);
    const { pictures } = run;
    if (!inspection || !selected || !pictures) return 0;
    const { samples, restored } = run.history;
    view.show(inspection, selected, pictures, samples.train, restored?.epoch);
    return inspection.milliseconds;
  }

  const refresher = new Refresher({
    place: details,
    wanted: (seen) => details.open && seen && !broken,
    async ask() {
      try {
        return Math.max(lessMotion.matches ? 2000 : rest, restShare * (await look()));
      } catch (error) {
        broken = true;
        problems.show(retriable(error, again));
        return 0;
      }
    },
  });

  function again(): void {
    broken = false;
    problems.clear();
    refresher.renew();
  }

  details.addEventListener("toggle", again);
  run.onAny(["pictures", "names", "selected", "status", "net", "progress", "best"], () =>
    refresher.renew(),
  );
}
