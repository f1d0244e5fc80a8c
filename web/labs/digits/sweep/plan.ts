// What a sweep trains: each net with each learning rate and each seed, from lists as people type them.
import type { Field } from "../../../settings/field";
import { tidy } from "../../../settings/net_field";
import { counted, extents, grouped } from "../../../ui/format";
import { refusal } from "../../../settings/field";
import type { DigitsRun } from "../run/digits_run";
import type { SampleSets } from "../run/sample_sets";
import type { Settings } from "../settings/digits_settings";
import type { StoredSweep } from "../storage/stored_sweep";

export interface Plan {
  nets: string[];
  rates: number[];
  seeds: number[];
}

export interface PlannedRun {
  net: string;
  rate: number;
  seed: number;
}

// More runs than these are a mistake rather than a wish.
export const mostRuns = 300;

/**
 * The values of a list such as "0.1, 0.01", "0,1; 0,01" or "1 2 3", each once. A comma between digits
 * belongs to a number where the field takes that for one, unless `whole` says that all numbers are
 * whole. Throws one sentence where something is no such value.
 */
export function listOf<T>(field: Field<T>, text: string, whole = false): T[] {
  const words = text.split(/[;\s]+|,(?=\s|$)/).filter(Boolean);
  const values = words.flatMap((word) => {
    const single = whole && word.includes(",") ? undefined : field.read(word);
    if (single !== undefined) return single;
    return word.split(",").map((part) => {
      const value = field.read(part);
      if (value === undefined)
        throw new Error(`Each ${field.title} must be ${refusal(field as Field<unknown>, part)}.`);
      return value;
    });
  });
  if (values.length === 0) throw new Error(`There must be at least one ${field.title}.`);
  return [...new Set(values)];
}

/**
 * The nets of a list: one on each line, or with semicolons between. Names alone may have commas
 * between, which the texts of nets have inside.
 */
export function netsOf(text: string, isName: (net: string) => boolean): string[] {
  const nets = text.split(/[;\n]/).flatMap((line) => {
    const parts = line.split(",").map((part) => part.trim().toLowerCase());
    return parts.every(isName) ? parts : [tidy(line)];
  });
  const named = nets.filter(Boolean);
  if (named.length === 0) throw new Error("There must be at least one net.");
  return [...new Set(named)];
}

/** The runs in their order: all seeds of a rate one after the other. */
export const runsOf = ({ nets, rates, seeds }: Plan): PlannedRun[] =>
  nets.flatMap((net) => rates.flatMap((rate) => seeds.map((seed) => ({ net, rate, seed }))));

export const isSame = (a: PlannedRun, b: PlannedRun): boolean =>
  a.net === b.net && a.rate === b.rate && a.seed === b.seed;

/**
 * About how many seconds these runs take, by the seconds that one of a net has been measured to take.
 * Nets that were not measured are taken to be like the others; undefined where none was.
 */
export function estimate(
  runs: readonly PlannedRun[],
  measured: ReadonlyMap<string, number>,
): number | undefined {
  if (measured.size === 0) return undefined;
  const all = [...measured.values()];
  const usual = all.reduce((sum, each) => sum + each, 0) / all.length;
  return runs.reduce((sum, { net }) => sum + (measured.get(net) ?? usual), 0);
}

/** "3 rates × 3 seeds × 2 nets = 18 runs, about 4 minutes" */
export function described(plan: Plan, measured: ReadonlyMap<string, number>): string {
  const { nets, rates, seeds } = plan;
  const runs = runsOf(plan);
  const product = [
    counted(rates.length, "rate"),
    counted(seeds.length, "seed"),
    counted(nets.length, "net"),
  ].join(" × ");
  const seconds = estimate(runs, measured);
  const unmeasured = nets.filter((net) => !measured.has(net)).length;
  const rest =
    seconds === undefined
      ? ". How long that takes is known after the first of them"
      : `, ${about(seconds)}${unmeasured > 0 ? `, if ${unmeasured === 1 ? "the net that is" : "the nets that are"} not measured yet ${unmeasured === 1 ? "takes" : "take"} as long as the others` : ""}`;
  return `${product} = ${counted(runs.length, "run")}${rest}.`;
}

/** "about 4 minutes" */
export function about(seconds: number): string {
  if (seconds < 50) return `about ${counted(Math.max(5, 5 * Math.round(seconds / 5)), "second")}`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `about ${counted(Math.max(1, minutes), "minute")}`;
  return `about ${counted(Math.round(seconds / 360) / 10, "hour")}`;
}

/** What is said of a row whose settings are in the form now: also where it learned others than the pictures in hand. */
export function taken(net: string, rate: number, learned: string, inHand: string): string {
  const others = learned === inHand ? "" : ` The sweep learned ${learned}; in hand are ${inHand}.`;
  return `The form has these settings now: ${net}, learning rate ${rate}.${others}`;
}

/** The seconds that a run of a net takes, where that was measured: in this sweep, or by the last run. */
export function measured(
  { history, trainedWith }: DigitsRun,
  sweep: StoredSweep | undefined,
  { epochs: wanted }: Settings,
): Map<string, number> {
  const { epochs } = history;
  const measured = new Map<string, number>();
  const seconds = epochs.reduce((sum, each) => sum + each.seconds, 0);
  if (epochs.length > 0) measured.set(trainedWith.settings.net, (seconds / epochs.length) * wanted);
  for (const { net, epochs, seconds } of sweep?.results ?? [])
    if (epochs > 0) measured.set(net, (seconds / epochs) * wanted);
  return measured;
}

/** What is learned, in words. */
export const called = ({ learned, pictures }: SampleSets): string =>
  `${grouped(learned)} ${pictures.noun}s of ${extents(pictures.height, pictures.width)} pixels`;

export const isSamePlan = (a: Plan, b: Plan): boolean =>
  JSON.stringify([a.rates, a.seeds, a.nets]) === JSON.stringify([b.rates, b.seeds, b.nets]);

export const tooMany = (plan: Plan): string =>
  `That is ${grouped(runsOf(plan).length)} runs; ${mostRuns} are the most.`;
