// Shows what went wrong: the engine's own sentence, a hint chosen by its code, and a way on.
import { LanegradError, type ErrorCode } from "lanegrad";
import { button, make } from "./dom";

const hints: Partial<Record<ErrorCode, string>> = {
  InvalidArgument: "Correct the setting and start again.",
  NotFound: "Correct the setting and start again.",
  CorruptData:
    "The file is damaged, or it is another one than was expected here. Try again, or take another copy of it.",
  OutOfMemory: "Narrower layers or smaller batches need less memory.",
  Unsupported: "Update this browser, or open the page in another one.",
  ShapeMismatch: "Change the network or open another file.",
  Diverged: "The steps were so large that the weights ran away. Try a tenth of this rate.",
  LoadFailed:
    "Check the connection and try again. If it stays so, reload the page: there may be another version of it. If you host it yourself, its folder must be uploaded whole.",
  Crashed: "The worker that computes has ended. A new run starts with a new worker.",
};

const titles: Partial<Record<ErrorCode, string>> = {
  InvalidArgument: "This setting does not work",
  NotFound: "This setting does not work",
  ShapeMismatch: "This does not fit",
  CorruptData: "The data is damaged",
  OutOfMemory: "Out of memory",
  Unsupported: "This browser cannot run the engine",
  Diverged: "The training diverged",
  LoadFailed: "Something could not be loaded",
  Crashed: "The training crashed",
};

// A problem, something worth knowing, or a kept run that is offered.
export type ProblemKind = "problem" | "notice" | "kept";

export interface Problem {
  title: string;
  message: string;
  hint?: string;
  // Elements between the message and the hint.
  details?: readonly Node[];
  action?: { label: string; run(): void };
  // Several actions to choose from.
  actions?: readonly { label: string; run(): void }[];
  // Where it gives a promise, the problem stands until that is fulfilled.
  dismissal?: { label: string; run(): void | Promise<void> };
  // Whether it is what the visitor wished for, so that nothing need alarm.
  isWished?: boolean;
}

// Before the first update no learning rate has had a say.
const atFirstStep =
  "No step had been taken yet, so no learning rate helps. Smaller numbers in the data, or a net with smaller first weights, may.";

export function describe(error: unknown): Problem {
  if (error instanceof LanegradError) {
    const first = error.code === "Diverged" && error.details.step === 1;
    const hint = first ? atFirstStep : hints[error.code];
    return {
      title: titles[error.code] ?? "Something went wrong",
      message: error.message,
      ...(hint ? { hint } : {}),
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { title: "Something went wrong", message };
}

// A problem that may be gone when the action is tried again.
export function retriable(error: unknown, run: () => void): Problem {
  return { ...describe(error), action: { label: "Try again", run } };
}

export class Problems {
  constructor(private readonly place: HTMLElement) {}

  show(problem: Problem, kind: ProblemKind = "problem"): HTMLElement {
    const isCalm = kind === "kept" || problem.isWished;
    const panel = make("section", {
      className: isCalm ? "problem offer" : "problem",
      test: kind,
    });
    panel.dataset["kind"] = kind;
    panel.setAttribute("role", isCalm ? "status" : "alert");
    panel.append(make("h2", {}, problem.title), make("p", {}, problem.message));
    panel.append(...(problem.details ?? []));
    if (problem.details) panel.classList.add("long");
    if (problem.hint) panel.append(make("p", { className: "hint" }, problem.hint));

    const { action, actions = [], dismissal = { label: "Dismiss", run: () => {} } } = problem;
    const choices = [...(action ? [action] : []), ...actions, dismissal];
    const buttons = choices.map(({ label, run }) => button(label, () => void follow(panel, run)));
    panel.append(make("div", { className: "buttons" }, ...buttons));
    // A problem that is shown already is not shown twice.
    for (const told of this.place.children)
      if (told.textContent === panel.textContent) told.remove();
    this.place.append(panel);
    return panel;
  }

  // Takes away what a new attempt may prove wrong; notices about the address stay.
  clear(): void {
    for (const panel of this.place.querySelectorAll('[data-kind="problem"]')) panel.remove();
  }
}

async function follow(panel: HTMLElement, run: () => void | Promise<void>): Promise<void> {
  const done = run();
  if (done) await done;
  panel.remove();
}
