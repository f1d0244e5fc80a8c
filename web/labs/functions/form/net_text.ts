// The choice of a net: some examples, or a text, which the engine describes as one types.
import { NetField } from "../../../settings/net_field";
import { part } from "../../../ui/dom";
import { grouped } from "../../../ui/format";
import type { FunctionsRun } from "../run/functions_run";
import { netOf } from "../settings/experiment_plan";

const presets: [net: string, name: string][] = [
  ["", "no hidden layer"],
  ["dense 1, tanh", "one tanh neuron"],
  ["dense 4, tanh", "4 tanh neurons"],
  ["dense 8, tanh", "8 tanh neurons"],
  ["dense 8, relu", "8 relu neurons"],
  ["dense 16, tanh", "16 tanh neurons"],
  ["dense 64, tanh", "64 tanh neurons"],
  ["dense 16, tanh, dense 16, tanh", "two layers of 16, tanh"],
  ["dense 32, relu, dense 32, relu, dense 32, relu", "three layers of 32, relu"],
];
const other = "other";

export class NetText {
  private readonly field: NetField;
  private readonly select: HTMLSelectElement;

  // `onChoice` is called when one of the examples is chosen.
  constructor(
    place: HTMLElement,
    private readonly run: FunctionsRun,
    complain: (sentence: string) => void,
    onChoice: () => void,
  ) {
    const { settings, experiment } = run;
    const select = part<HTMLSelectElement>(place, "preset");
    const text = part<HTMLTextAreaElement>(place, "net");
    const about = part(place, "net-about");
    this.select = select;
    for (const [net, name] of presets) select.append(new Option(name, net));
    select.append(new Option("one of your own", other));
    select.addEventListener("change", () => {
      if (select.value === other) return text.focus();
      settings.net = select.value;
      onChoice();
    });
    this.field = new NetField({
      text,
      describe() {
        const { dimension = 1, classes = 0 } = run.info ?? {};
        const net = netOf({ ...settings, net: text.value });
        return experiment.remote.describe(net, dimension, classes || 1);
      },
      show: ({ parameters, layers }) => {
        const dense = layers.filter(({ kind }) => kind === "Dense");
        const shapes = [run.info?.dimension ?? 1, ...dense.map(({ shape }) => shape.join())];
        about.textContent = `${shapes.join(" → ")} numbers, ${grouped(parameters)} weights and biases`;
      },
      complain(error) {
        if (error) about.textContent = "";
        complain(error?.message ?? "");
      },
    });
  }

  // Shows the settings, which have changed elsewhere.
  show(): void {
    const { net: chosen } = this.run.settings;
    this.select.value = presets.some(([net]) => net === chosen) ? chosen : other;
  }

  // Shows how many numbers and weights the net has, or the engine's sentence on a word that it does
  // not know.
  describe(): Promise<void> {
    return this.field.check();
  }
}
