// The choice of a net: one of the engine's own, or a text that is described as one types. Where the
// text is wrong, the engine's sentence stands below, and the word that it is about is marked.
import type { NamedRecipe, NetDescription } from "lanegrad";
import type { Layers } from "./layers";

// The milliseconds without a key before the engine is asked.
const rest = 150;

export interface NetEditorOptions {
  select: HTMLSelectElement;
  text: HTMLTextAreaElement;
  // Says what the chosen net is.
  about: HTMLElement;
  complaint: HTMLElement;
  layers: Layers;
  // Describes a net; undefined before there is an engine.
  describe(net: string): Promise<NetDescription | undefined>;
  // Called with a name of the catalog or a text; `chosen` says that it was chosen from the list,
  // not written.
  onChange(net: string, chosen: boolean): void;
}

export class NetEditor {
  private nets: readonly NamedRecipe[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;
  private sample: readonly number[] = [];
  private noun = "digit";

  constructor(private readonly options: NetEditorOptions) {
    const { select, text } = options;
    select.addEventListener("change", () => {
      const net = this.named(select.value);
      if (net) text.value = net.text;
      this.change(net !== undefined);
      if (!net) text.focus();
    });
    text.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.check(), rest);
    });
    text.addEventListener("change", () => this.change(false));
  }

  // Takes the nets that the engine has; before that only the text can be shown.
  offer(nets: readonly NamedRecipe[]): void {
    this.nets = nets;
    const { select } = this.options;
    const option = (value: string, title: string) => new Option(title, value);
    select.replaceChildren(...nets.map(({ name }) => option(name, name)), option("", "your own"));
  }

  // Shows a net: a name of the catalog or a text.
  show(net: string): void {
    const { select, text } = this.options;
    const named = this.named(net);
    text.value = named?.text ?? net;
    select.value = named?.name ?? "";
    void this.check();
  }

  // Takes the shape of one input, and what it is called.
  use(sample: readonly number[], noun: string): void {
    this.sample = sample;
    this.noun = noun;
    void this.check();
  }

  lock(locked: boolean): void {
    this.options.text.readOnly = locked;
  }

  // The net in the field now.
  get net(): string {
    const { text } = this.options;
    const known = this.nets.find((net) => tidy(net.text) === tidy(text.value));
    return known?.name ?? tidy(text.value);
  }

  private change(chosen: boolean): void {
    clearTimeout(this.timer);
    void this.check();
    this.options.onChange(this.net, chosen);
  }

  private async check(): Promise<void> {
    const { select, text, about, complaint, layers } = this.options;
    const asked = ++this.asked;
    const { net } = this;
    const named = this.named(net);
    select.value = named?.name ?? "";
    about.textContent = named?.description ?? "A net of your own.";
    try {
      const description = await this.options.describe(net);
      if (asked !== this.asked || !description) return;
      layers.show(description, this.sample, this.noun);
      complaint.replaceChildren();
      text.removeAttribute("aria-invalid");
    } catch (error) {
      if (asked !== this.asked) return;
      complaint.replaceChildren(...marked(text.value, (error as Error).message));
      text.setAttribute("aria-invalid", "true");
    }
  }

  private named(name: string): NamedRecipe | undefined {
    return this.nets.find((net) => net.name === name);
  }
}

const tidy = (text: string) => text.trim().replace(/\s+/g, " ").replace(/ ?, ?/g, ", ");

// The sentence, and above it the text with the word marked that "(column 9)" points at.
function marked(text: string, sentence: string): Node[] {
  const message = document.createElement("p");
  message.textContent = sentence;
  const column = Number(/\(column (\d+)\)/.exec(sentence)?.[1]);
  if (!(column >= 1)) return [message];
  const start = column - 1;
  const length = /^[^,]*/.exec(text.slice(start))![0].trimEnd().length;
  const line = document.createElement("p");
  const mark = document.createElement("mark");
  mark.textContent = text.slice(start, start + length) || " ";
  line.className = "echo";
  line.append(text.slice(0, start), mark, text.slice(start + length));
  return [line, message];
}
