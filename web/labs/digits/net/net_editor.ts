// The choice of a net: one of the engine's own, or a text that is described as one types. Where the
// text is wrong, the engine's sentence stands below, and the word that it is about is marked.
import { make, part } from "../../../ui/dom";
import { unbroken } from "../../../ui/format";
import { LanegradError, type NamedRecipe, type TrainingDescription } from "lanegrad";
import { NetField, tidy } from "../../../settings/net_field";
import type { DigitsRun } from "../run/digits_run";
import { Layers } from "./layers";

export class NetEditor {
  private nets: readonly NamedRecipe[] = [];
  private readonly field: NetField<TrainingDescription>;
  private readonly select: HTMLSelectElement;
  private readonly text: HTMLTextAreaElement;
  private sample: readonly number[] = [];
  private noun = "digit";

  constructor(
    private readonly place: HTMLElement,
    private readonly run: DigitsRun,
  ) {
    const layers = new Layers(place);
    const select = (this.select = part<HTMLSelectElement>(place, "net-name"));
    const text = (this.text = part<HTMLTextAreaElement>(place, "net-text"));
    this.field = new NetField({
      text,
      describe: () => run.net.describe(this.showName()),
      show: (description) => layers.show(description, this.sample, this.noun),
      complain(error) {
        part(place, "net-complaint").replaceChildren(...(error ? marked(text.value, error) : []));
        // The drawing is that of the last text that was right.
        for (const name of ["layers", "net-total"])
          part(place, name).classList.toggle("outdated", error !== undefined);
        text.ariaInvalid = error ? "true" : null;
      },
    });
    select.addEventListener("change", () => {
      const net = this.named(select.value);
      if (net) text.value = net.text;
      this.change(net !== undefined);
      if (!net) text.focus();
    });
    text.addEventListener("change", () => this.change(false));
  }

  // Takes the nets that the engine has; before that only the text can be shown.
  offer(nets: readonly NamedRecipe[]): void {
    this.nets = nets;
    const option = (value: string, title: string) => new Option(title, value);
    this.select.replaceChildren(
      ...nets.map(({ name }) => option(name, name)),
      option("", "your own"),
    );
  }

  // Shows a net: a name of the catalog or a text.
  show(net: string): void {
    const { select, text } = this;
    const named = this.named(net);
    text.value = named?.text ?? net;
    select.value = named?.name ?? "";
    void this.field.check();
  }

  // Takes the shape of one input, and what it is called.
  use(sample: readonly number[], noun: string): void {
    this.sample = sample;
    this.noun = noun;
    void this.field.check();
  }

  lock(locked: boolean): void {
    this.text.readOnly = locked;
  }

  // The net in the field now.
  get net(): string {
    const { text } = this;
    const given = tidy(text.value);
    const known = this.nets.find(
      (net) => tidy(net.text) === given || net.name === given.toLowerCase(),
    );
    return known?.name ?? given;
  }

  private change(chosen: boolean): void {
    void this.field.check();
    // A net of the catalog comes with the settings that suit it, unless it was written.
    this.run.choose(this.net, chosen);
  }

  // Shows whether the net in the field is one of the catalog; returns it.
  private showName(): string {
    const { net } = this;
    const named = this.named(net);
    this.select.value = named?.name ?? "";
    part(this.place, "net-about").textContent = unbroken(
      named?.description ?? "A net of your own.",
    );
    return net;
  }

  private named(name: string): NamedRecipe | undefined {
    return this.nets.find((net) => net.name === name);
  }
}

// The sentence, and above it the text with the word marked that the error is about.
function marked(text: string, error: Error): Node[] {
  const message = make("p", {}, error.message);
  const column = error instanceof LanegradError ? error.details.column : undefined;
  if (column === undefined) return [message];
  const start = column - 1;
  const length = /^[^,]*/.exec(text.slice(start))![0].trimEnd().length;
  const mark = make("mark", {}, text.slice(start, start + length) || " ");
  const [before, after] = [text.slice(0, start), text.slice(start + length)];
  return [make("p", { className: "echo" }, before, mark, after), message];
}
