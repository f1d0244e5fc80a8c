// What an experiment looks like: which plots and readouts its task has, and what they show of the
// net.
import { ClassView, classKey } from "./class_view";
import { CurveView } from "./curve_view";
import type { Look, Made } from "../engine/experiment";
import { gridPlaces } from "../engine/answer_grid";
import { LossView } from "./loss_view";
import { write } from "../plots/plane";
import { isClasses, type Settings } from "../settings/functions_settings";
import { SurfaceView } from "./surface_view";
import { UnitMaps } from "./unit_maps";
import { inputsOf } from "../settings/experiment_plan";

export class View {
  readonly curve: CurveView;
  readonly surface: SurfaceView;
  readonly classes: ClassView;
  readonly losses: LossView;
  private readonly maps: UnitMaps;
  private isClasses = false;

  constructor(private readonly place: HTMLElement) {
    const find = (selector: string) => place.querySelector<HTMLElement>(selector)!;
    const plot = (name: string) => find(`[data-plot="${name}"]`);
    this.curve = new CurveView({
      curve: plot("curve"),
      units: plot("units"),
      buttons: find('[data-units="curve"]'),
      sentence: find('[data-sentence="curve"]'),
    });
    this.maps = new UnitMaps(find('[data-units="plane"]'), find('[data-sentence="plane"]'), () =>
      (this.isClasses ? this.classes : this.surface).redraw(),
    );
    const scales = place.querySelectorAll<HTMLElement>(".fn-scale:not(.fn-heights)");
    this.surface = new SurfaceView(plot("truth"), plot("answer"), scales, () => this.maps);
    this.classes = new ClassView(plot("classes"), () => this.maps);
    this.losses = new LossView(plot("loss"));
  }

  // Shows the parts that the task has, and hides the others; `made` is undefined before there is a
  // net.
  arrange(settings: Settings, made: Made | undefined): void {
    const { place } = this;
    const { task, f } = settings;
    const isFunction = task === "curve" || task === "surface";
    const dimension = made?.dimension ?? 1;
    this.isClasses = isClasses(task);
    const has: Record<string, boolean> = {
      formula: isFunction,
      points: task === "points",
      made: task !== "points",
      held: task !== "points",
      truth: isFunction,
      classes: this.isClasses,
      numbers: !this.isClasses,
      curve: dimension === 1,
      plane: dimension === 2,
      surface: dimension === 2 && !this.isClasses,
    };
    for (const part of place.querySelectorAll<HTMLElement>("[data-of]")) {
      part.hidden = !has[part.dataset["of"]!];
    }
    place.querySelector('[data-figure="maps"]')!.classList.toggle("fn-whole", has["surface"]);
    place.querySelector(".fn-readouts")!.classList.toggle("of-classes", this.isClasses);
    const name = `f(${inputsOf(settings).join(", ")})`;
    place.querySelector(".fn-name")!.textContent = name;
    for (const formula of place.querySelectorAll(".fn-formula")) {
      formula.textContent = `${name} = ${f}`;
    }
    place.querySelector(".fn-classes")!.replaceChildren(...classKey(made?.classes ?? 0));
  }

  show(made: Made, look: Look): void {
    const { step, train, held } = look;
    this.put("step", step.toLocaleString("en-US"));
    this.put("train-loss", write(train.loss));
    this.put("held-loss", held ? write(held.loss) : "–");
    const share = (value = NaN) => (Number.isNaN(value) ? "–" : `${(100 * value).toFixed(1)} %`);
    this.put("train-accuracy", share(train.accuracy));
    this.put("held-accuracy", share(held?.accuracy));
    this.losses.show(look);
    if (made.dimension === 1) return this.curve.show(gridPlaces(made.box)[0]!, made, look);
    this.maps.show(made, look);
    (made.classes ? this.classes : this.surface).show(made, look);
  }

  private put(name: string, text: string): void {
    const element = this.place.querySelector(`[data-testid="fn-${name}"]`)!;
    if (element.textContent !== text) element.textContent = text;
  }
}
