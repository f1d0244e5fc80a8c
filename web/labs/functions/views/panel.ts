// The plots of what the net has learned, and which of them and of the lab's other parts a task has.
import { gridPlaces } from "../engine/snapshot";
import { part, setText } from "../../../ui/dom";
import type { FunctionsRun } from "../run/functions_run";
import { inputsOf } from "../settings/experiment_plan";
import { isClasses } from "../settings/functions_settings";
import { ClassView, classKey } from "./class_view";
import { CurveView } from "./curve_view";
import { LossView } from "./loss_view";
import { SurfaceView } from "./surface_view";
import { UnitMaps } from "./unit_maps";

export function mount(place: HTMLElement, run: FunctionsRun): void {
  const { settings } = run;
  const curve = new CurveView(place);
  const maps: UnitMaps = new UnitMaps(place, () =>
    (isClasses(settings.task) ? classes : surface).redraw(),
  );
  const surface = new SurfaceView(place, () => maps);
  const classes = new ClassView(place, () => maps);
  const losses = new LossView(place);

  // Shows the parts that the task has, and hides the others.
  function arrange(): void {
    const { task } = settings;
    const isFunction = task === "curve" || task === "surface";
    const { dimension = 1, hidden = true, formula } = run.info ?? {};
    const has: Record<string, boolean> = {
      formula: isFunction,
      points: task === "points",
      made: task !== "points",
      held: task !== "points",
      truth: isFunction,
      classes: isClasses(task),
      numbers: !isClasses(task),
      curve: dimension === 1,
      plane: dimension === 2,
      surface: dimension === 2 && !isClasses(task),
      hidden,
      inputs: !hidden,
    };
    for (const each of place.querySelectorAll<HTMLElement>("[data-of]")) {
      each.hidden = !has[each.dataset["of"]!];
    }
    part(place, "maps").classList.toggle("fn-whole", has["surface"]);
    setText(part(place, "name"), `f(${inputsOf(settings).join(", ")})`);
    // What is drawn is of the last formula that could be read, not always of the one in the form.
    for (const drawn of place.querySelectorAll('[data-part="formula"]')) {
      drawn.textContent = `f(${dimension === 2 ? "x, y" : "x"})${formula ? ` = ${formula}` : ""}`;
    }
    part(place, "classes-key").replaceChildren(...classKey(run.info?.classes ?? 0));
  }

  run.onAny(["settings", "change", "made"], arrange);
  run.on("snapshot", (snapshot) => {
    const { info } = run;
    if (!info || place.hidden) return;
    losses.show(snapshot);
    if (info.dimension === 1) return curve.show(gridPlaces(info.box)[0]!, info, snapshot);
    maps.show(info, snapshot);
    (info.classes ? classes : surface).show(info, snapshot);
  });
}
