// The choice of a net: some examples, or a text, which the engine describes as one types.
import type { NetDescription } from "lanegrad";
import { NetField } from "../../../settings/net_field";
import { grouped } from "../../../ui/format";
import type { Settings } from "../settings/functions_settings";
import { netOf } from "../settings/experiment_plan";

const presets: [net: string, name: string][] = [
  ["", "no hidden layer"],
  ["dense 1, tanh", "one tanh unit"],
  ["dense 4, tanh", "4 tanh units"],
  ["dense 8, tanh", "8 tanh units"],
  ["dense 8, relu", "8 relu units"],
  ["dense 16, tanh", "16 tanh units"],
  ["dense 64, tanh", "64 tanh units"],
  ["dense 16, tanh, dense 16, tanh", "two layers of 16, tanh"],
  ["dense 32, relu, dense 32, relu, dense 32, relu", "three layers of 32, relu"],
];
const other = "other";

export interface NetTextOptions {
  select: HTMLSelectElement;
  text: HTMLTextAreaElement;
  about: HTMLElement;
  settings: Settings;
  shape(): { inputs: number; outputs: number };
  describe(net: string, inputs: number, outputs: number): Promise<NetDescription>;
  complain(sentence: string): void;
  // Called when one of the examples is chosen.
  onChoice(): void;
}

export class NetText {
  private readonly field: NetField;

  constructor(private readonly options: NetTextOptions) {
    const { select, text, settings } = options;
    for (const [net, name] of presets) select.append(new Option(name, net));
    select.append(new Option("one of your own", other));
    select.addEventListener("change", () => {
      if (select.value === other) return text.focus();
      settings.net = select.value;
      options.onChoice();
    });
    this.field = new NetField({
      text,
      describe: () => {
        const { inputs, outputs } = options.shape();
        return options.describe(netOf({ ...settings, net: text.value }), inputs, outputs);
      },
      show: ({ parameters, layers }) => {
        const dense = layers.filter(({ kind }) => kind === "Dense");
        const shapes = [options.shape().inputs, ...dense.map(({ shape }) => shape.join())];
        options.about.textContent = `${shapes.join(" → ")} numbers, ${grouped(parameters)} weights`;
      },
      complain: (error) => {
        if (error) options.about.textContent = "";
        options.complain(error?.message ?? "");
      },
    });
  }

  // Shows the settings, which have changed elsewhere.
  show(): void {
    const { select, settings } = this.options;
    select.value = presets.some(([net]) => net === settings.net) ? settings.net : other;
  }

  // Shows how many numbers and weights the net has, or the engine's sentence on a word that it does
  // not know.
  describe(): Promise<void> {
    return this.field.check();
  }
}
