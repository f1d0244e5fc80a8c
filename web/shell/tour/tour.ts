// The guided tour: a panel beside the labs that asks for one thing at a time, sees that it was
// done, and can be left and taken up again, or begun anew.
import "./tour.css";
import type { LabName } from "../../labs";
import { button, make } from "../../ui/dom";
import { steps } from "./steps";

// main.ts looks whether this key is there.
const key = "lanegrad-tour";

interface Progress {
  // The current step, from 0.
  at: number;
  done: number[];
}

// How far an earlier visit has come, in a browser that keeps such things.
function progress(): Progress {
  try {
    const { at, done } = JSON.parse(localStorage.getItem(key) ?? "{}") as Partial<Progress>;
    const known = (step: unknown): step is number =>
      Number.isInteger(step) && steps[step as number] !== undefined;
    return { at: known(at) ? at : 0, done: Array.isArray(done) ? done.filter(known) : [] };
  } catch {
    return { at: 0, done: [] };
  }
}

function forget(): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // This browser keeps nothing.
  }
}

export interface TourOptions {
  open(lab: LabName): Promise<void>;
  current(): LabName | undefined;
  onClose(): void;
}

export class Tour {
  private readonly place = make("p", { className: "tour-place" });
  private readonly title = make("h2", { tabIndex: -1 });
  private readonly text = make("p");
  private readonly task = make("p", { className: "tour-task" });
  private readonly outcome = make("p", { className: "tour-outcome", role: "status" });
  private readonly back = button("Back", () => void this.show(this.at - 1));
  private readonly next = button("Next", () =>
    this.at + 1 < steps.length ? void this.show(this.at + 1) : this.finish(),
  );
  private readonly anew = button("Begin anew", () => this.beginAnew(), { className: "quiet" });
  private readonly element = make(
    "aside",
    { className: "tour", ariaLabel: "Guided tour", test: "tour" },
    make("div", { className: "tour-head" }, this.place, this.anew),
    ...[this.title, this.text, this.task, this.outcome],
    make(
      "div",
      { className: "buttons" },
      this.back,
      this.next,
      button("Leave", () => this.close()),
    ),
  );
  private at: number;
  private readonly done: Set<number>;
  private check: (() => boolean) | undefined;
  // What is said of a step that was done before it was shown.
  private already: string | undefined;
  // Aborted when the current step is left.
  private left = new AbortController();
  private readonly timer: ReturnType<typeof setInterval>;
  private marked: Element | undefined;

  constructor(private readonly options: TourOptions) {
    const before = progress();
    this.at = before.at;
    this.done = new Set(before.done);
    this.element.addEventListener("keydown", ({ key }) => key === "Escape" && this.close());
    document.body.append(this.element);
    document.documentElement.classList.add("touring");
    this.timer = setInterval(() => this.look(), 250);
    void this.show(this.at);
  }

  close(): void {
    clearInterval(this.timer);
    this.left.abort();
    this.mark(undefined);
    this.element.remove();
    document.documentElement.classList.remove("touring");
    this.options.onClose();
  }

  // What has ended begins anew next time, also where steps were skipped.
  private finish(): void {
    forget();
    this.close();
  }

  // For whoever comes to a tour that somebody else has left.
  private beginAnew(): void {
    this.done.clear();
    void this.show(0);
  }

  private async show(at: number): Promise<void> {
    this.at = at;
    this.check = this.already = undefined;
    this.left.abort();
    this.left = new AbortController();
    this.keep();
    const step = steps[at]!;
    this.place.textContent = `Step ${at + 1} of ${steps.length}`;
    this.title.textContent = step.title;
    this.text.textContent = step.text;
    this.task.textContent = step.task;
    this.back.disabled = at === 0;
    this.anew.hidden = at === 0;
    this.tell();
    this.title.focus({ preventScroll: true });
    this.element.scrollTop = 0;
    if (this.options.current() !== step.lab) await this.options.open(step.lab);
    if (this.at !== at) return;
    if (!this.done.has(at)) this.already = step.already?.();
    this.check = step.begin(this.left.signal);
    // The lab may still be making its parts.
    for (let tries = 0; tries < 40 && !document.querySelector(step.target); tries++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    if (this.at === at && this.element.isConnected) {
      this.mark(document.querySelector(step.target) ?? undefined);
    }
  }

  private mark(target: Element | undefined): void {
    this.marked?.classList.remove("tour-target");
    this.marked = target;
    if (!target) return;
    target.classList.add("tour-target");
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const tall = target.getBoundingClientRect().height > innerHeight / 3;
    target.scrollIntoView({ block: tall ? "start" : "center", behavior: calm ? "auto" : "smooth" });
  }

  // Looks whether the current step has been done meanwhile.
  private look(): void {
    if (this.done.has(this.at) || !this.check) return;
    if (this.options.current() !== steps[this.at]!.lab || !this.check()) return;
    this.done.add(this.at);
    this.keep();
    this.tell();
  }

  private tell(): void {
    const done = this.done.has(this.at);
    const last = this.at + 1 === steps.length;
    this.element.classList.toggle("done", done);
    const said = this.already ?? "✓ Done.";
    this.outcome.textContent = done ? (last ? `${said} That was the tour.` : said) : "";
    this.next.textContent = last ? "Finish" : done ? "Next" : "Skip this step";
    this.next.classList.toggle("primary", done);
  }

  private keep(): void {
    const kept: Progress = { at: this.at, done: [...this.done] };
    const isBegun = kept.at > 0 || kept.done.length > 0;
    if (!isBegun || kept.done.length === steps.length) return forget();
    try {
      localStorage.setItem(key, JSON.stringify(kept));
    } catch {
      // A browser that keeps nothing begins anew next time.
    }
  }
}
