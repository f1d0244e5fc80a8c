// The Autograd lab: a formula becomes a graph of real Tensors, through which one steps forward and
// backward, one node at a time. This file puts the parts together and keeps the state.
import "./autograd.css";
import { connectEngine } from "../../run/remote";
import type { Lab, OpenLab } from "../lab";
import { isOpenedStep } from "../opened_step";
import { LanegradError } from "lanegrad";
import { describe, Problems } from "../../ui/problems";
import { checkTable } from "./check/difference_table";
import { Drawing } from "./graph/drawing";
import { button } from "./elements";
import { Fields } from "./formula/value_fields";
import type { Graph } from "./engine/graph";
import { Hand } from "./walk/explanation";
import { presets, read, readValue } from "./formula/language";
import { build } from "./place";
import { savers } from "./graph/graph_files";
import { baseOf, fromAddress, toAddress, type State } from "./address";
import { stepsOf, type Step } from "./walk/walk_steps";
import { fillTable } from "./graph/graph_table";
import { traceView } from "./training_step/step_view";
import type { Question, Work } from "./engine/worker";

// The milliseconds from step to step while it plays.
const pace = 1500;

export const open: OpenLab = (place, shell): Lab => {
  const formulas = document.createElement("div");
  const parts = build(formulas);
  place.replaceChildren(formulas);
  const problems = new Problems(parts.problems);

  let work = newWorker();
  function newWorker() {
    return connectEngine<Work>(
      new Worker(new URL("./engine/worker.ts", import.meta.url), { type: "module" }),
    );
  }

  let state: State = fromAddress(shell.address.read());
  let graph: Graph | undefined;
  let steps: Step[] = [];
  let playing: ReturnType<typeof setInterval> | undefined;

  // ---- The graph ------------------------------------------------------------

  // The question that the formula and the values are; undefined where they are wrong, which is said
  // below them.
  function question(): Question | undefined {
    let found: ReturnType<typeof read>;
    try {
      found = read(state.formula);
    } catch (error) {
      complain((error as Error).message);
      return undefined;
    }
    const { tree, names } = found;
    const base = baseOf(state.formula, names);
    for (const name of names) state.values[name] ??= base.values[name]!;
    fields.show(names, state.values, state.fixed);
    let good = true;
    for (const name of names) {
      try {
        readValue(name, state.values[name]!);
        fields.complain(name, "");
      } catch (error) {
        fields.complain(name, (error as Error).message);
        good = false;
      }
    }
    if (!good) {
      missing();
      return undefined;
    }
    const values = Object.fromEntries(names.map((name) => [name, state.values[name]!]));
    return { tree, values, fixed: state.fixed.filter((name) => names.includes(name)) };
  }

  // One question is asked at a time; of those that come meanwhile, the last is asked next.
  let asking = false;
  let again = false;
  async function update(): Promise<void> {
    shell.address.write(toAddress(state));
    if (asking) {
      again = true;
      return;
    }
    const asked = question();
    if (!asked) return;
    asking = true;
    try {
      graph = await work.graph(asked);
      steps = stepsOf(graph);
      complain("");
      show();
      if (!parts.check.hidden) await check(asked);
    } catch (error) {
      refuse(error);
    }
    asking = false;
    if (again) {
      again = false;
      void update();
    }
  }

  async function check(asked = question()): Promise<void> {
    if (!asked) return;
    try {
      const differences = await work.differences(asked);
      parts.check.replaceChildren(...checkTable(differences));
      parts.check.hidden = false;
    } catch (error) {
      refuse(error);
    }
  }

  function refuse(error: unknown): void {
    if (error instanceof LanegradError && ["Crashed", "LoadFailed"].includes(error.code)) {
      const run = () => {
        work = newWorker();
        void update();
      };
      const problem = { ...describe(error), action: { label: "Try again", run } };
      if (error.code === "Crashed") problem.hint = "A new one starts where you are.";
      problems.show(problem);
    } else {
      complain(error instanceof Error ? error.message : String(error));
    }
  }

  function complain(message: string): void {
    parts.complaint.textContent = message;
    parts.formula.setAttribute("aria-invalid", String(message !== ""));
    parts.figure.classList.toggle("stale", message !== "");
    if (message) missing();
  }

  // Hides the graph where nothing was drawn yet and nothing can be drawn.
  function missing(): void {
    if (!graph)
      parts.hand.firstElementChild!.textContent = "Correct what is marked to see its graph.";
  }

  // ---- The walk -------------------------------------------------------------

  const drawing = new Drawing({
    region: parts.region,
    onChoose(node) {
      const { op, name, kind } = graph!.nodes[node]!;
      if (kind === "value") fields.focus(name);
      if (op === "") return;
      // It plays forward while the steps go forward, and backward after that.
      const back = steps[at()]!.kind === "backward" || steps[at()]!.kind === "seed";
      const wanted = back ? "backward" : "forward";
      go(steps.findIndex((step) => step.kind === wanted && step.node === node));
    },
  });
  const hand = new Hand(parts.hand);
  const at = () => Math.min(state.at ?? Infinity, steps.length - 1);

  function show(): void {
    if (!graph) return;
    const now = at();
    const last = steps.length - 1;
    drawing.show(graph, steps, now);
    hand.show(graph, steps, now);
    fillTable(parts.numbers, graph, steps, now);
    parts.slider.max = String(last);
    parts.slider.value = String(now);
    const ops = steps.filter(({ kind }) => kind === "forward").length;
    const where =
      now === 0
        ? "the leaves"
        : now <= ops
          ? `forward ${now} of ${ops}`
          : now === ops + 1
            ? "the way back begins"
            : `backward ${now - ops - 1} of ${last - ops - 1}`;
    parts.slider.setAttribute("aria-valuetext", where);
    parts.where.textContent = `Step ${now} of ${last}: ${where}`;
    const { first, back, next, all, play } = parts.buttons;
    keepFocus(() => {
      first.disabled = back.disabled = now === 0;
      next.disabled = all.disabled = now === last;
    });
    play.textContent = playing ? "Pause" : "Play";
    for (const link of parts.presets.children) {
      const own = (link as HTMLElement).dataset["formula"] === state.formula;
      if (own) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    const preset = presets.find(({ formula }) => formula === state.formula);
    parts.about.textContent = preset?.about ?? "";
  }

  // Makes a change. A button that it disables hands the focus on to one that is enabled.
  function keepFocus(change: () => void): void {
    const focused = document.activeElement;
    change();
    if (!(focused instanceof HTMLButtonElement) || !focused.disabled) return;
    const { first, next } = parts.buttons;
    (next.disabled ? first : next).focus({ preventScroll: true });
  }

  function go(step: number): void {
    if (!graph) return;
    const last = steps.length - 1;
    const wanted = Math.max(0, Math.min(step, last));
    state.at = wanted === last ? undefined : wanted;
    shell.address.write(toAddress(state));
    show();
  }

  function play(on: boolean): void {
    clearInterval(playing);
    playing = undefined;
    parts.hand.setAttribute("aria-live", on ? "off" : "polite");
    if (on && graph) {
      playing = setInterval(() => {
        if (at() + 1 >= steps.length - 1) play(false);
        go(at() + 1);
      }, pace);
      if (at() === steps.length - 1) go(0);
    }
    show();
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden && playing) play(false);
  });

  const walk = (step: () => number) => () => {
    if (playing) play(false);
    go(step());
  };
  parts.buttons.first.addEventListener(
    "click",
    walk(() => 0),
  );
  parts.buttons.back.addEventListener(
    "click",
    walk(() => at() - 1),
  );
  parts.buttons.next.addEventListener(
    "click",
    walk(() => at() + 1),
  );
  parts.buttons.all.addEventListener(
    "click",
    walk(() => Infinity),
  );
  parts.buttons.play.addEventListener("click", () => play(!playing));
  parts.slider.addEventListener(
    "input",
    walk(() => Number(parts.slider.value)),
  );

  // ---- What the visitor sets ------------------------------------------------

  const fields = new Fields({
    place: parts.values,
    onChange(name, text) {
      state.values[name] = text.replaceAll("−", "-");
      void update();
    },
    onRequire(name, requires) {
      const { names } = read(state.formula);
      const fixed = new Set(state.fixed);
      if (requires) fixed.delete(name);
      else fixed.add(name);
      state.fixed = names.filter((each) => fixed.has(each));
      void update();
    },
  });

  parts.formula.addEventListener("input", () => {
    state.formula = parts.formula.value;
    state.at = undefined;
    state.opened = undefined;
    tellOfLost();
    play(false);
    void update();
  });
  parts.presets.addEventListener("click", (event) => {
    const link = (event.target as Element).closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    take(fromAddress(`?${new URLSearchParams({ f: link.dataset["formula"]! })}`));
  });
  parts.buttons.check.addEventListener("click", () => void check());
  savers(parts, drawing, () => graph);

  function take(wanted: State): void {
    state = wanted;
    parts.formula.value = state.formula;
    play(false);
    tellOfLost();
    void update();
  }

  // ---- A step of Digits -----------------------------------------------------

  // An address says which step of a run it was. The numbers were only in the page that it was
  // opened in.
  let lost: HTMLElement | undefined;
  function tellOfLost(): void {
    lost?.remove();
    lost = undefined;
    const { opened } = state;
    if (!opened) return;
    const { step, sample, run } = opened;
    const sentence =
      `Here stood one training step of Digits, number by number: ${sample || "a picture"}, after ` +
      `${Number(step).toLocaleString("en-US")} steps. Its numbers belong to that run. To see them again, ` +
      `open the run in Digits, take it as far again, choose the picture, and press “Open this step”.`;
    lost = problems.show(
      {
        title: "This step is not open any more",
        message: sentence,
        action: {
          label: "To its run in Digits",
          run: () => location.assign(run.startsWith("?") ? run : location.pathname),
        },
        dismissal: {
          label: "Dismiss",
          run() {
            state.opened = undefined;
            shell.address.write(toAddress(state));
          },
        },
      },
      "notice",
    );
  }

  take(state);

  let step: HTMLElement | undefined;
  function leave(): void {
    step?.remove();
    step = undefined;
    state.opened = undefined;
    shell.address.write(toAddress(state));
    formulas.hidden = false;
    title();
    formulas.querySelector("h1")!.scrollIntoView();
    parts.formula.focus({ preventScroll: true });
  }

  function title(): void {
    document.title = step
      ? "lanegrad: one step, number by number"
      : "lanegrad: how a gradient is made";
  }

  return {
    receive(handed) {
      if (!isOpenedStep(handed)) return;
      step?.remove();
      lost?.remove();
      const { trace, sample, run } = handed;
      state.opened = { step: String(trace.step), sample, run };
      shell.address.write(toAddress(state));
      play(false);
      step = traceView(
        handed,
        button("Back to Digits", "digits", () => void shell.go("digits")),
        button("To the formulas", "formulas", leave),
      );
      formulas.hidden = true;
      place.append(step);
      title();
      scrollTo(0, 0);
      shell.say("One step of training is open, number by number.");
    },
    shown() {
      title();
      // Another address was chosen while this lab was not open: by back, forward or a link.
      const search = shell.address.read();
      if (search === toAddress(state)) return;
      if (step) leave();
      take(fromAddress(search));
    },
    hidden: () => play(false),
  };
};
