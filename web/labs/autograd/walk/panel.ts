// The buttons that walk through the graph, and the current step in words.
import { part } from "../../../ui/dom";
import type { FormulaRun } from "../run/formula_run";
import { Explanation } from "./explanation";
import type { Step } from "../run/walk_steps";

export function mount(place: HTMLElement, run: FormulaRun): void {
  const button = (name: string, press: () => void) => {
    const element = part<HTMLButtonElement>(place, name);
    element.addEventListener("click", press);
    return element;
  };
  const first = button("first", () => run.go(0));
  const back = button("back", () => run.go(run.at - 1));
  const next = button("next", () => run.go(run.at + 1));
  const all = button("all", () => run.go(Infinity));
  const play = button("play", () => run.play(!run.playing));
  const slider = part<HTMLInputElement>(place, "walk");
  slider.addEventListener("input", () => run.go(Number(slider.value)));
  const region = part(place, "explanation");
  const explanation = new Explanation(region);

  // A button that is disabled hands the focus on to one that is enabled.
  function enable(at: number, last: number): void {
    const focused = document.activeElement;
    first.disabled = back.disabled = at === 0;
    next.disabled = all.disabled = at === last;
    if (!(focused instanceof HTMLButtonElement) || !focused.disabled) return;
    (next.disabled ? first : next).focus({ preventScroll: true });
  }

  run.on("walk", ({ graph, steps, at }) => {
    explanation.show(graph, steps, at);
    const last = steps.length - 1;
    slider.max = String(last);
    slider.value = String(at);
    const where = placeOf(steps, at);
    slider.setAttribute("aria-valuetext", where);
    part(place, "where").textContent = `Place ${at} of ${last}: ${where}`;
    enable(at, last);
    play.textContent = run.playing ? "Pause" : "Play";
  });
  run.on("playing", (on) => region.setAttribute("aria-live", on ? "off" : "polite"));
  run.on("complaint", ({ sentence }) => {
    if (sentence && !run.graph)
      region.firstElementChild!.textContent = "Correct what is marked to see its graph.";
  });
}

// Where a step is on the way forward and back.
function placeOf(steps: readonly Step[], at: number): string {
  const ops = steps.filter(({ kind }) => kind === "forward").length;
  if (at === 0) return "the leaves";
  if (at <= ops) return `forward ${at} of ${ops}`;
  if (at === ops + 1) return "the way back begins";
  return `backward ${at - ops - 1} of ${steps.length - ops - 2}`;
}
