// The third lab, Autograd: a formula becomes a graph of real Tensors, through which one steps
// forward and backward, one node at a time.
import "./autograd.css";
import { part } from "../../ui/dom";
import { Problems } from "../../ui/problems";
import type { OpenLab } from "../lab";
import { isOpenedStep } from "../opened_step";
import markup from "./autograd.html?raw";
import * as check from "./check/panel";
import * as formula from "./formula/panel";
import * as graph from "./graph/panel";
import { FormulaRun } from "./run/formula_run";
import * as trainingStep from "./training_step/panel";
import * as walk from "./walk/panel";

export const open: OpenLab = (place, shell) => {
  // The markup is part of the build, so it can be trusted.
  place.innerHTML = markup;
  const run = new FormulaRun(shell.address);
  const problems = new Problems(part(place, "problems"));
  run.on("problem", (problem) => problems.show(problem));
  for (const panel of [formula, graph, walk, check]) panel.mount(place, run);
  const step = trainingStep.mount(place, run, shell, problems);

  run.take(run.state);

  return {
    receive(handed) {
      if (isOpenedStep(handed)) step.open(handed);
    },
    shown() {
      step.title();
      // Another address was chosen while this lab was not open: by back, forward or a link.
      const state = run.readAddress();
      if (!state) return;
      step.leave();
      run.take(state);
    },
    hidden: () => run.play(false),
  };
};
