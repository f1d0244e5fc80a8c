// The second lab, Functions: makes the run, mounts the panels, and sees to the address.
import "./functions.css";
import { part } from "../../ui/dom";
import { Problems } from "../../ui/problems";
import type { OpenLab } from "../lab";
import * as files from "./files/panel";
import * as form from "./form/panel";
import markup from "./functions.html?raw";
import * as landscape from "./landscape/panel";
import * as progress from "./progress/panel";
import { FunctionsRun } from "./run/functions_run";
import * as views from "./views/panel";

export const open: OpenLab = (place, shell) => {
  // The markup is part of the build, so it can be trusted.
  place.innerHTML = markup;
  const run = new FunctionsRun(shell);
  const problems = new Problems(part(place, "problems"));
  run.on("problem", (problem) => problems.show(problem));
  run.on("notice", (message) =>
    problems.show({ title: "This address was not wholly understood", message }, "notice"),
  );
  run.on("attempt", () => problems.clear());
  for (const panel of [progress, form, views, landscape, files]) panel.mount(place, run);

  const lessMotion = matchMedia("(prefers-reduced-motion: reduce)");
  const calm = () => (run.experiment.lessMotion = lessMotion.matches);
  lessMotion.addEventListener("change", calm);
  calm();

  let sight = false;
  function see(): void {
    run.experiment.visible = sight && !document.hidden;
    if (run.experiment.visible) run.watch(run.experiment.snapshot());
  }
  document.addEventListener("visibilitychange", see);

  // The things to try are links to addresses of this lab.
  part(place, "try").addEventListener("click", (event) => {
    const link = (event.target as Element).closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    const { searchParams } = new URL(link.href);
    searchParams.delete("lab");
    run.adopt(`?${searchParams}`);
    const start = part(place, "start");
    start.focus({ preventScroll: true });
    start.scrollIntoView({ block: "center" });
  });

  run.open();

  return {
    shown() {
      document.title = "lanegrad: a network learns a function";
      sight = true;
      run.readAddress();
      see();
    },
    hidden() {
      sight = false;
      run.experiment.visible = false;
    },
  };
};
