// <lanegrad-lab>: a lab of lanegrad as an element of anybody's page. Importing this defines it; what trains is loaded when
// somebody starts it. Where there are no elements, as on a server, importing it does nothing.
import type { ErrorCode, Trainer } from "lanegrad";
import { attributes, readAttributes } from "./attributes";
import { Digits } from "./digits";
import { failureOf } from "./failure";
import { Functions } from "./functions";
import { Panel, type Hooks } from "./panel";
import { make } from "../ui/dom";
import css from "./element.css?raw";

/** How far the training of an element is: the `detail` of `lanegrad-progress` and of `lanegrad-done`. */
export interface LabProgress {
  /** The steps done since the start. */
  step: number;
  /** The epoch under way, from 1. */
  epoch: number;
  /** The epochs asked for. */
  epochs: number;
  /** The loss: of Digits the mean over the epoch so far, of Functions that over about the last ten steps. */
  loss: number;
  /** The share of right answers likewise, 0 to 1; NaN where a function is learned. */
  accuracy: number;
  /** The share of right answers over the test data when the last epoch ended; NaN before that, and in Functions. */
  testAccuracy: number;
}

/** What an element could not do: the `detail` of `lanegrad-error`. */
export interface LabError {
  /** The kind of the fault. */
  code: ErrorCode;
  /** One sentence, which the element shows, too. */
  message: string;
}

/** The events of an element, which bubble out of shadow roots, too. */
export interface LabEventMap extends HTMLElementEventMap {
  /** The training has gone on; at display rate at most. */
  "lanegrad-progress": CustomEvent<LabProgress>;
  /** The training is finished. */
  "lanegrad-done": CustomEvent<LabProgress>;
  /** Something is wrong: an attribute, the data, or the training. */
  "lanegrad-error": CustomEvent<LabError>;
}

// Servers have no elements to extend.
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

/**
 * The element `<lanegrad-lab>`: a net that learns to read digits, or a function, with its controls. Its attributes are
 * `lab`, `data`, `threads`, `autostart`, `theme`, and the settings of a training by their names, such as `learning-rate`; what
 * changes begins the training anew. An element that leaves the page ends its training.
 */
export class LanegradLab extends Base {
  /** The attributes that the element listens to. */
  static readonly observedAttributes: readonly string[] = attributes;

  /**
   * Loads the package when a training starts. Where a bundler emits no files for workers, another way:
   * `LanegradLab.load = () => import("lanegrad/inline")`.
   */
  static load: () => Promise<{ Trainer: typeof Trainer }> = () => import("lanegrad");

  #panel: Panel | undefined;
  #isOpen = false;
  #opened: Promise<void> | undefined;
  #shown = 0;
  #renewing = false;

  /** The trainer; undefined before the start and after the end. */
  get trainer(): Trainer | undefined {
    return this.#panel?.trainer;
  }

  /** Starts the training, or lets it go on. Resolves when it is finished, is paused or has failed, which events tell. */
  async start(): Promise<void> {
    await this.#opened;
    await this.#panel?.start();
  }

  /** Pauses the training. */
  pause(): void {
    this.#panel?.pause();
  }

  /** Trains one batch. */
  async step(): Promise<void> {
    await this.#opened;
    await this.#panel?.step();
  }

  /** Forgets the net, for a fresh start. */
  reset(): void {
    this.#panel?.reset();
  }

  /** @internal */
  connectedCallback(): void {
    if (!this.#isOpen) this.#renew();
  }

  /** @internal */
  disconnectedCallback(): void {
    // One that is only moved is back by then.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#isOpen = false;
      this.#panel?.end();
      this.#panel = undefined;
    });
  }

  /** @internal An element that is moved as a whole goes on. */
  connectedMoveCallback(): void {}

  /** @internal */
  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (name === "theme") return this.#panel?.repaint();
    if (!this.#isOpen || before === now || this.#renewing) return;
    this.#renewing = true;
    // Several attributes that change at once are one change.
    queueMicrotask(() => {
      this.#renewing = false;
      if (this.#isOpen) this.#renew();
    });
  }

  #renew(): void {
    this.#isOpen = true;
    this.#panel?.end();
    this.#panel = undefined;
    this.#opened = this.#show().catch((thrown: unknown) => this.#refuse(failureOf(thrown)));
  }

  async #show(): Promise<void> {
    const asked = readAttributes(this);
    const isFunctions = asked.lab === "functions";
    const shown = ++this.#shown;
    const lab = isFunctions ? await Functions.open(asked) : new Digits(asked, this.baseURI);
    // Something else was asked for meanwhile, or the element has left the page.
    if (shown !== this.#shown || !this.#isOpen) return;
    const panel = (this.#panel = new Panel(asked, lab, this.#hooks()));
    this.#root().replaceChildren(panel.place);
    if (asked.autostart) void panel.start();
  }

  #root(): ShadowRoot {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [styles()];
    return root;
  }

  // Shows why there is no lab at all.
  #refuse({ code, message }: LabError): void {
    const problem = make("p", { className: "problem", textContent: message });
    problem.setAttribute("role", "alert");
    problem.setAttribute("part", "problem");
    this.#root().replaceChildren(make("div", { className: "lab" }, problem));
    this.#tell("lanegrad-error", { code, message });
  }

  #hooks(): Hooks {
    return {
      load: () => LanegradLab.load(),
      progress: (reading) => this.#tell("lanegrad-progress", { ...reading }),
      done: (reading) => this.#tell("lanegrad-done", { ...reading }),
      failed: (code, message) => this.#tell("lanegrad-error", { code: code as ErrorCode, message }),
    };
  }

  #tell(name: keyof LabEventMap, detail: LabProgress | LabError): void {
    // Whoever makes an element listens to it a moment later.
    queueMicrotask(() =>
      this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true })),
    );
  }
}

export interface LanegradLab {
  /** Listens to an event; those of the element say more in their `detail`. */
  addEventListener<K extends keyof LabEventMap>(
    type: K,
    listener: (this: LanegradLab, event: LabEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "lanegrad-lab": LanegradLab;
  }
}

let shared: CSSStyleSheet | undefined;

// One sheet for all elements, made without a <style>, which strict policies forbid.
function styles(): CSSStyleSheet {
  if (!shared) {
    shared = new CSSStyleSheet();
    shared.replaceSync(css);
  }
  return shared;
}

const registry = globalThis.customElements;
if (registry && !registry.get("lanegrad-lab")) registry.define("lanegrad-lab", LanegradLab);
