// The inspector's sentences about what it shows, and the choice of layers that it shows.
import type { Inspection } from "lanegrad";
import { scientific } from "../../../ui/format";
import { unary } from "../../unary";

type Layer = Inspection["layers"][number];
type Tensor = Inspection["tensors"][number];

// Updates usually are about a thousandth of the weights, give or take half a power of ten.
export const usual = { from: 10 ** -3.5, to: 10 ** -2.5 };

// Where a ReLU's neuron counts as dead; `probed` is what it was asked about: "128 training digits".
const deadWhere = (probed: string) => `gives 0 for every one of ${probed}`;

export const layersAbout = (noun: string, probed: string) =>
  `Each cell is a neuron, each small picture a filter’s answers all over the ${noun}. Blue is above 0, orange below, and what is near 0 has the colour of the paper; each layer has its own scale, up to the strongest answer in it. A neuron is dead where its ReLU ${deadWhere(probed)}.`;

export const deadAbout = (probed: string) =>
  `A dead ReLU ${deadWhere(probed)}. No gradient passes it then, so it does not learn, and may never again.`;

export const tensorsAbout =
  "How far each {step} moves the {weights|weight}, as a share of their size, should stay near 10⁻³, the shaded range: a full dot lies in it, a ring outside. {Biases|bias} start at 0 and may well move more. The other columns are sizes of single numbers, as root mean squares over the tensor.";

export const columns = {
  tensor: "The net’s tensors, which are its tables of weights and biases, by the engine’s names.",
  ratio:
    "Update ÷ weight: how far the last step moved the tensor, as a share of its size. Far above a thousandth, learning jumps about; far below, it hardly gets anywhere.",
  weight: "Weight: how large one number of the tensor usually is. A bias starts at 0.",
  gradient:
    "Gradient: how much the loss of the last batch would change with one weight. It should be neither 0 nor huge, and of similar size from layer to layer.",
  first:
    "m, Adam’s first moment: the mean of the latest gradients. It is small beside √v where gradients point this way and that.",
  second:
    "√v, from Adam’s second moment: how large gradients have usually been. Adam divides by it, so that all weights take steps of similar length.",
};

const kinds: Record<string, string> = {
  ...Object.fromEntries(Object.values(unary).flatMap(({ layer }) => (layer ? [layer] : []))),
  Dense:
    "each neuron adds up all numbers of the layer before, each times a weight, and a bias if it has one.",
  Conv2D: "each filter slides over the pictures before and says how well each place fits it.",
  MaxPool2D: "of each little square only the largest number goes on.",
  AvgPool2D: "of each little square the mean goes on.",
  GlobalAvgPool2D: "of each picture the mean goes on.",
  BatchNorm: "each answer is shifted and scaled to what is usual for it.",
  LeakyReLU: "what is above 0 stays, what is below becomes small.",
  Softmax: "the numbers become probabilities, which add up to 1.",
};
kinds["Bias"] = kinds["Dense"]!;

export const explainLayer = ({ name, kind }: Layer) => `${name}: ${kinds[kind] ?? kind}`;

export function explainTensor({ name, shape, finite, weightNorm }: Tensor, share: number): string {
  const size = `${name} holds ${shape.join(" × ")} numbers.`;
  if (!finite) return `${size} Not all of them are finite: learning cannot go on from here.`;
  if (weightNorm === 0) return `${size} They are all 0 yet.`;
  if (!Number.isFinite(share)) return `${size} No step has been watched yet.`;
  const moved = `${size} The last step moved it by ${scientific(share)} of its size`;
  if (share > usual.to && shape.length === 1) {
    return `${moved}: such small tensors, which start at 0, may move more than weights.`;
  }
  if (share > usual.to) return `${moved}: more than usual, learning may jump about.`;
  if (share < usual.from) return `${moved}: less than usual, it learns slowly.`;
  return `${moved}: in the usual range.`;
}

// The update as a share of the weights.
export const ratioOf = ({ updateNorm, weightNorm }: Tensor) => updateNorm / weightNorm;

export interface Shown {
  title: string;
  layer: Layer;
}

// The layers to show: a product together with its bias; layers that change no number are left out.
export function shownLayers(layers: readonly Layer[]): Shown[] {
  return layers.flatMap((layer, i) => {
    const [before, after] = [layers[i - 1], layers[i + 1]];
    if (after?.kind === "Bias" || layer.kind === "Flatten" || layer.kind === "Dropout") return [];
    const title = layer.kind === "Bias" && before ? `${before.name}, ${layer.name}` : layer.name;
    return [{ title, layer }];
  });
}
