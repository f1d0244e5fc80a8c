// The loss landscape: measured when somebody asks for it, while everything else goes on.
import { part } from "../../../ui/dom";
import { percentage } from "../../../ui/format";
import { describe } from "../../../ui/problems";
import type { Slice } from "../engine/landscape";
import type { FunctionsRun } from "../run/functions_run";
import { LandscapeView } from "./landscape_view";

export function mount(place: HTMLElement, run: FunctionsRun): void {
  const view = new LandscapeView(place);
  const button = part<HTMLButtonElement>(place, "draw-landscape");
  const plane = part<HTMLSelectElement>(place, "plane");

  async function draw(): Promise<void> {
    const { info } = run;
    if (!info || button.ariaDisabled === "true") return;
    button.ariaDisabled = "true";
    try {
      const slice = await run.experiment.landscape(plane.value as Slice["plane"], (share) => {
        button.textContent = `Measuring, ${percentage(Math.round(100 * share))}`;
      });
      // A net that is gone has no landscape any more.
      if (run.info === info) show(slice);
    } catch (thrown) {
      if (run.info === info) run.emit("problem", describe(thrown));
    } finally {
      button.ariaDisabled = null;
      showButtons();
    }
  }

  function show(slice: Slice | undefined): void {
    run.slice = slice;
    view.show(slice);
    showButtons();
  }

  function showButtons(): void {
    button.textContent = run.slice ? "Draw it again" : "Draw the landscape";
    part(place, "landscape-files").hidden = !run.slice;
  }

  button.addEventListener("click", () => void draw());
  plane.addEventListener("change", () => run.slice && void draw());
  run.on("made", () => show(undefined));
}
