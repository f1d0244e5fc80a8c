// The differences of two runs' settings in words: "learning rate 0.01 instead of 0.001; two layers
// of 128 instead of one; seed the same".
import { tidy } from "../../../settings/net_field";
import { optimizerNames } from "../../../settings/optimizers";
import { applies } from "../../../settings/rows";
import type { TrainedWith } from "../run/run_record";
import { fields, keys, rows, text, type Key, type Settings } from "./digits_settings";

export function differences(run: TrainedWith, other: TrainedWith): string {
  const parts = keys.flatMap((key) => difference(key, run, other) ?? []);
  const [is, was] = [run, other].map(learned) as [string, string];
  if (is !== was)
    parts.unshift(isMnist(is) && isMnist(was) ? `${is} instead of ${was}` : "other pictures");
  const seeds = [run, other].map(({ settings }) => settings.seed);
  const same = seeds[0] === seeds[1];
  if (parts.length === 0)
    return same ? "all settings the same" : `only the seed: ${seeds[0]} instead of ${seeds[1]}`;
  return [...parts, same ? "seed the same" : `seed ${seeds[0]} instead of ${seeds[1]}`].join("; ");
}

// A run in one line, for the title of its picture.
export function summary({ net, optimizer, lr, batch, seed }: Settings): string {
  return `${net}; ${optimizerNames[optimizer]}, learning rate ${lr}, batch size ${batch}, seed ${seed}`;
}

const small = "the small MNIST";
const full = "all of MNIST";
const isMnist = (pictures: string) => pictures === small || pictures === full;

// What a run learned from, with what it held back of that.
function learned({ settings, pictures }: TrainedWith): string {
  if (settings.data === "small") return small;
  const all = pictures.replace(/^\d+/, (count) => String(Number(count) + settings.validation));
  return all === "60000 of 1,28,28 in 10 classes" ? full : all;
}

// What 0 means for these settings.
const none: Partial<Record<Key, string>> = {
  weightDecay: "no weight decay",
  momentum: "no momentum",
  labelSmoothing: "no label smoothing",
  clipNorm: "no gradient clipping",
  averaging: "no weight averaging",
  validation: "no validation digits",
  patience: "no patience",
  shift: "no shift",
  rotation: "no rotation",
  scale: "no scaling",
  shear: "no shear",
};

function difference(key: Key, run: TrainedWith, other: TrainedWith): string | undefined {
  const both = [run, other] as const;
  const [a, b] = both.map(({ settings }) => text(settings, key)) as [string, string];
  if (key === "net") {
    const [is, was] = both.map(({ net }) => tidy(net)) as [string, string];
    return is === was ? undefined : netDifference(run, other);
  }
  // The rates are told with the rate that the run began with.
  if (key === "rates" || key === "data") return undefined;
  if (key === "lr") {
    const [is, was] = both.map(({ rates }) => inTurn(rates)) as [string, string];
    return is === was ? undefined : `learning rate ${is} instead of ${was}`;
  }
  if (a === b || key === "seed" || !matters(key, both)) return undefined;
  const { title } = fields[key];
  if (key === "optimizer") return `${optimizerNames[a]} instead of ${optimizerNames[b]}`;
  if (key === "schedule") return `${a} schedule instead of ${b}`;
  if (key === "epochs") return `${a} epoch${a === "1" ? "" : "s"} instead of ${b}`;
  if (a === "true") return `with ${title}`;
  if (a === "false") return `without ${title}`;
  if (a === "0") return `${none[key] ?? `${title} 0`} instead of ${b}`;
  return `${title} ${a} instead of ${b === "0" && none[key] ? "none" : b}`;
}

// Whether a setting matters: some do something only together with others.
function matters(key: Key, runs: readonly TrainedWith[]): boolean {
  const row = rows.find(({ id }) => id === key)!;
  return runs.some(({ settings }) => applies(row, settings));
}

function inTurn(rates: readonly number[]): string {
  if (rates.length > 3) return `${rates[0]}, …, ${rates.at(-1)}`;
  return rates.join(", then ");
}

// ---- Nets -------------------------------------------------------------------

function netDifference(run: TrainedWith, other: TrainedWith): string {
  const [is, was] = [run, other].map(({ net }) => hiddenWidths(net));
  // This gives "two layers of 128 instead of one".
  if (is && was && is.length > 0 && was.length > 0 && is.length !== was.length) {
    const [width] = is;
    if ([...is, ...was].every((each) => each === width)) {
      return `${inWords(run)} instead of ${count(was.length)}`;
    }
  }
  return `${inWords(run)} instead of ${inWords(other)}`;
}

// A net in words: "two layers of 128", "layers of 256 and 128", "the net fast", or its text.
function inWords({ net, settings }: TrainedWith): string {
  const widths = hiddenWidths(net);
  if (!widths)
    return settings.net.includes(" ") ? `the net “${tidy(net)}”` : `the net ${settings.net}`;
  if (widths.length === 0) return "no hidden layer";
  const [width] = widths;
  if (widths.every((each) => each === width)) {
    return `${count(widths.length)} layer${widths.length === 1 ? "" : "s"} of ${width}`;
  }
  return `layers of ${widths.slice(0, -1).join(", ")} and ${widths.at(-1)}`;
}

// The widths of a net of dense layers with relu between them; undefined for any other net.
function hiddenWidths(net: string): number[] | undefined {
  const layers = tidy(net).split(", ");
  if (layers.pop() !== "dense classes") return undefined;
  const widths: number[] = [];
  for (let i = 0; i < layers.length; i += 2) {
    const width = /^dense (\d+)$/.exec(layers[i]!)?.[1];
    if (!width || layers[i + 1] !== "relu") return undefined;
    widths.push(Number(width));
  }
  return widths;
}

const numerals = "no one two three four five six seven eight nine ten".split(" ");
const count = (number: number) => numerals[number] ?? String(number);
