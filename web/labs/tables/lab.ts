// The fourth lab, Tables: makes the run, mounts the panels, and sees to the address.
import "./tables.css";
import { part } from "../../ui/dom";
import * as format from "../../ui/format";
import { Problems } from "../../ui/problems";
import type { OpenLab } from "../lab";
import * as columns from "./columns/panel";
import * as form from "./form/panel";
import * as matters from "./matters/panel";
import * as predict from "./predict/panel";
import * as progress from "./progress/panel";
import * as plots from "./progress/plots";
import { TablesRun } from "./run/tables_run";
import * as scores from "./scores/panel";
import markup from "./tables.html?raw";

const panels = { columns, progress, plots, form, scores, matters, predict };

export const open: OpenLab = (place, shell) => {
  // The markup is part of the build, so it can be trusted.
  place.innerHTML = markup;
  const run = new TablesRun(shell, !place.closest("[data-embed]"));
  const problems = new Problems(part(place, "problems"));
  run.on("problem", (problem) => problems.show(problem));
  run.on("notice", (message) =>
    problems.show({ title: "This address was not wholly understood", message }, "notice"),
  );
  run.on("attempt", () => problems.clear());
  for (const [name, { mount }] of Object.entries(panels)) mount(part(place, name), run);
  // Parts that a task has, and those that it has not.
  run.on("made", ({ truth, info }) => {
    const task = truth.isClasses ? "classes" : "number";
    for (const each of place.querySelectorAll<HTMLElement>("[data-of]"))
      each.hidden = each.dataset["of"] !== task;
    shell.showEngine(format.engine(info.variant, info.threads), info.note ?? "");
  });
  run.open();

  return {
    shown() {
      document.title = "lanegrad: a network reads a table";
      run.readAddress();
    },
    hidden() {},
    run,
  };
};
