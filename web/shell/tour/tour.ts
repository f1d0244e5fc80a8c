// The guided tour: a panel beside the labs that asks for one thing at a time, sees that it was
// done, and can be left and taken up again, or begun anew.
import "./tour.css";
import type { LabName } from "../../labs";
import { button, make } from "../../ui/dom";
import { withTerms } from "../../ui/glossary/words";
import { remember, remembered } from "../../ui/remembered";
import { place } from "./placement";
import { visible, whenUsed } from "./seen";
import { steps } from "./steps";

export { steps };

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
    const { at, done } = JSON.parse(remembered(key) ?? "{}") as Partial<Progress>;
    const known = (step: unknown): step is number =>
      Number.isInteger(step) && steps[step as number] !== undefined;
    return { at: known(at) ? at : 0, done: Array.isArray(done) ? done.filter(known) : [] };
  } catch {
    return { at: 0, done: [] };
  }
}

// Where an element stands in the page.
const topOf = (element: Element) => element.getBoundingClientRect().top + scrollY;

const isBegun = () => remembered(key) !== null;
const forget = () => remember(key, null);

// The step, from 0, that the address asks for: #tour=1 is the first one, and more may follow.
function linkedStep(): number | undefined {
  const step = Number(/^#tour=(\d+)(?:&|$)/.exec(location.hash)?.[1]) - 1;
  return steps[step] && step;
}

export interface TourOptions {
  // Whether the address asks for the tour, and so may name the step to begin with.
  byLink: boolean;
  open(lab: LabName): Promise<void>;
  current(): LabName | undefined;
  // What has started the tour, and takes it up again.
  button: HTMLButtonElement;
}

export class Tour {
  private readonly place = make("p", { className: "tour-place" });
  private readonly title = make("h2", { tabIndex: -1 });
  private readonly text = make("p", { className: "tour-text" });
  // On small screens the text is shown on demand, so that the page is seen.
  private readonly more = button("Why?", () => this.tellMore(!this.toldMore), {
    className: "quiet tour-more",
  });
  private readonly task = make("p", { className: "tour-task" });
  private readonly outcome = make("p", { className: "tour-outcome", role: "status" });
  private readonly back = button("Back", () => void this.show(this.at - 1));
  private readonly next = button("Next", () =>
    this.at + 1 < steps.length ? void this.show(this.at + 1) : this.finish(),
  );
  private readonly anew = button("Start over", () => this.beginAnew(), { className: "quiet" });
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
      this.more,
      button("Leave", () => this.close()),
    ),
  );
  private at: number;
  private readonly done: Set<number>;
  // What the tasks that were done here asked for, in the words that they had.
  private readonly words = new Map<number, string>();
  private check: (() => boolean) | undefined;
  // What is said of a step that was done before it was shown.
  private already: string | undefined;
  // Aborted when the tour is left.
  private readonly closed = new AbortController();
  // Aborted when the current step is left.
  private left = new AbortController();
  private readonly timer: ReturnType<typeof setInterval>;
  private marked: Element | undefined;
  // What the step asks for, and how much of that was used.
  private asked: readonly string[] = [];
  private used = 0;
  private toldMore = false;
  // Whether the visitor has scrolled since something was asked for.
  private scrolled = false;
  // What the page is scrolling to, and where it stood when it was sent there.
  private aim: { element: Element; top: number } | undefined;

  constructor(private readonly options: TourOptions) {
    const before = progress();
    this.at = before.at;
    this.done = new Set(before.done);
    this.element.addEventListener("keydown", ({ key }) => key === "Escape" && this.close());
    document.body.append(this.element);
    document.documentElement.classList.add("touring");
    this.timer = setInterval(() => this.look(), 250);
    const { signal } = this.closed;
    addEventListener("resize", () => this.arrange(), { signal });
    for (const type of ["wheel", "touchmove"])
      addEventListener(type, () => (this.scrolled = true), { signal, passive: true });
    // The lab may still be making its parts, which moves the others, also while the page scrolls to where they were.
    const again = () => !this.scrolled && this.arrange();
    const grown = new ResizeObserver(again);
    grown.observe(document.body);
    grown.observe(this.element);
    signal.addEventListener("abort", () => grown.disconnect());
    addEventListener(
      "scrollend",
      () => {
        const { aim } = this;
        this.aim = undefined;
        if (aim && Math.abs(topOf(aim.element) - aim.top) >= 1) again();
      },
      { signal },
    );
    whenUsed((element) => this.use(element), signal);
    addEventListener(
      "hashchange",
      () => {
        const to = linkedStep();
        if (to !== undefined && to !== this.at) void this.show(to);
      },
      { signal },
    );
    void this.show((options.byLink ? linkedStep() : undefined) ?? this.at);
  }

  close(): void {
    clearInterval(this.timer);
    this.closed.abort();
    this.left.abort();
    this.mark(undefined);
    this.element.remove();
    document.documentElement.classList.remove("touring");
    const { button } = this.options;
    button.disabled = false;
    button.textContent = isBegun() ? "Continue the tour" : "Guided tour";
    button.focus({ preventScroll: true });
  }

  // What has ended begins anew next time, also where steps were skipped.
  private finish(): void {
    forget();
    this.close();
  }

  // For whoever comes to a tour that somebody else has left.
  private beginAnew(): void {
    this.done.clear();
    this.words.clear();
    void this.show(0);
  }

  private async show(at: number): Promise<void> {
    this.at = at;
    this.check = this.already = undefined;
    this.left.abort();
    this.left = new AbortController();
    this.mark(undefined);
    this.keep();
    const step = steps[at]!;
    this.used = 0;
    this.scrolled = false;
    this.place.replaceChildren(
      make("a", { href: `#tour=${at + 1}` }, `Tour, ${at + 1} of ${steps.length}`),
    );
    this.title.textContent = step.title;
    this.text.replaceChildren(...withTerms(step.text));
    this.task.textContent = this.words.get(at) ?? step.task();
    this.tellMore(false);
    this.back.disabled = at === 0;
    this.anew.hidden = at === 0;
    this.tell();
    this.title.focus({ preventScroll: true });
    this.element.scrollTop = 0;
    if (this.options.current() !== step.lab) await this.options.open(step.lab);
    if (this.at !== at) return;
    if (!this.done.has(at)) this.already = step.already?.();
    this.asked = step.use();
    this.check = step.begin(this.left.signal);
    if (this.element.isConnected) this.markTarget();
  }

  // The lab may still be making it, or something else may stand in its place by now.
  private markTarget(): void {
    if (this.marked?.isConnected) return;
    const target = document.querySelector(steps[this.at]!.target) ?? undefined;
    if (target !== this.marked) this.mark(target);
  }

  private mark(target: Element | undefined): void {
    this.marked?.classList.remove("tour-target");
    this.marked = target;
    target?.classList.add("tour-target");
    this.arrange();
  }

  // The visitor has used this element.
  private use(element: Element): void {
    const asked = this.asked[this.used];
    if (!asked || !element.closest(asked)) return;
    this.used++;
    this.scrolled = false;
    this.arrange();
  }

  // Keeps what is asked for in sight, and what the step is about.
  private arrange(): void {
    const { asked, used, marked } = this;
    if (!marked) return;
    const { watch, reads } = steps[this.at]!;
    const read = reads ? visible(reads) : [];
    const next = document.querySelector(asked[Math.min(used, asked.length - 1)]!) ?? marked;
    const isWatched = used === asked.length && watch;
    // A step may lead to another lab.
    if (!isWatched && !next.checkVisibility()) return;
    // What is in sight on the way may be out of it at its end.
    if (place(this.element, isWatched ? [] : [next], read, marked))
      this.aim = { element: next, top: topOf(next) };
  }

  // Shows the text where there is little room, or hides it again.
  private tellMore(told: boolean): void {
    this.toldMore = told;
    this.element.classList.toggle("told", told);
    this.more.ariaExpanded = String(told);
    this.arrange();
  }

  // Looks whether the current step has been done meanwhile.
  private look(): void {
    const { task, lab, leadsTo } = steps[this.at]!;
    const current = this.options.current();
    if (this.check) this.markTarget();
    if (this.done.has(this.at)) return;
    if (!this.check || (current !== lab && current !== leadsTo) || !this.check()) {
      if (this.task.textContent !== task()) this.task.textContent = task();
      return;
    }
    this.done.add(this.at);
    this.words.set(this.at, this.task.textContent!);
    this.keep();
    this.tell();
  }

  private tell(): void {
    const done = this.done.has(this.at);
    const last = this.at + 1 === steps.length;
    this.element.classList.toggle("done", done);
    const said = this.already ?? "✓ Done.";
    this.outcome.textContent = done ? (last ? `${said} That was the tour.` : said) : "";
    this.next.textContent = last ? "Finish" : done ? "Next" : "Skip this";
    this.next.classList.toggle("primary", done);
  }

  private keep(): void {
    const kept: Progress = { at: this.at, done: [...this.done] };
    const isBegun = kept.at > 0 || kept.done.length > 0;
    if (!isBegun || kept.done.length === steps.length) return forget();
    remember(key, JSON.stringify(kept));
  }
}
