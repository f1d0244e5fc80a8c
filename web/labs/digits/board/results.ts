// Results of pupils' runs, as lines of text that can be sent and pasted: documented in docs/formats.md.
import { readNumber } from "../../../settings/field";
import { tidy } from "../../../settings/net_field";
import { counted } from "../../../ui/format";

export interface BoardResult {
  name: string;
  net: string;
  rate: number;
  epochs: number;
  seed: number;
  judge: "validation" | "test";
  // A share from 0 to 1.
  accuracy: number;
  loss: number;
  // The query of the address that repeats the run, "?net=…"; empty where it is not known.
  link: string;
}

/** The columns, in the order in which a line has them. */
export const columns = [
  "name",
  "net",
  "rate",
  "epochs",
  "seed",
  "judged by",
  "accuracy",
  "loss",
  "link",
] as const;

/** The most letters of a name, of a net and of an address. */
const longest = { name: 60, net: 500, link: 2000 };
/** More lines or results than these are none of a class. */
export const mostResults = 500;

/** A text that no line is cut by. */
export const oneField = (text: string, most: number): string =>
  text
    .replace(/[;\s]+/g, " ")
    .trim()
    .slice(0, most);

/** The line of a result; `address` is that of the page, which the link begins with. */
export function lineOf(result: BoardResult, address: string): string {
  const { name, net, rate, epochs, seed, judge, accuracy, loss, link } = result;
  const [called, layers] = [oneField(name, longest.name), oneField(net, longest.net)];
  const numbers = [rate, epochs, seed, judge, accuracy.toFixed(4), loss.toPrecision(4)];
  return [called, layers, ...numbers, link && address + link].join("; ");
}

/**
 * The results in lines that somebody has pasted, with semicolons or tabs between fields, and a sentence for
 * each line that is none. Empty lines and a line of heads are passed over.
 */
export function readLines(text: string): { results: BoardResult[]; complaints: string[] } {
  const results: BoardResult[] = [];
  const complaints: string[] = [];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (!line.trim() || /^\W*name\s*[;\t]/i.test(line)) continue;
    if (results.length + complaints.length >= mostResults) {
      complaints.push(`Line ${i + 1} and those below are left out: ${mostResults} are the most.`);
      break;
    }
    try {
      results.push(readLine(line));
    } catch (error) {
      complaints.push(`Line ${i + 1} (“${shortened(line)}”): ${(error as Error).message}.`);
    }
  }
  return { results, complaints };
}

const shortened = (line: string) => (line.length > 40 ? `${line.slice(0, 39)}…` : line);

function readLine(line: string): BoardResult {
  const fields = line.split(line.includes("\t") ? "\t" : ";").map(unquoted);
  if (fields.length < 8 || fields.length > 9)
    throw new Error(
      `it has ${counted(fields.length, "field")}, expected ${columns.length}: ${columns.join("; ")}`,
    );
  const [name, net, rate, epochs, seed, judge, accuracy, loss, link = ""] = fields as string[];
  if (judge !== "validation" && judge !== "test")
    throw new Error(`it is judged by “${judge}”, expected validation or test`);
  return checked({
    ...{ name: name!, net: net!, judge, link: queryOf(link) },
    rate: readNumber(rate!),
    epochs: readNumber(epochs!),
    seed: readNumber(seed!),
    accuracy: shareOf(accuracy!),
    loss: readNumber(loss!),
  });
}

/** The result, with texts of a bounded length; throws what is wrong with its numbers. */
export function checked(result: BoardResult): BoardResult {
  const { rate, epochs, seed, accuracy } = result;
  const name = oneField(result.name, longest.name);
  const net = tidy(oneField(result.net, longest.net));
  if (!name) throw new Error("it has no name");
  if (!net) throw new Error("it has no net");
  if (!(rate > 0 && rate < Infinity)) throw new Error("its rate is no number above 0");
  if (!Number.isSafeInteger(epochs) || epochs < 0)
    throw new Error("its epochs are no whole number");
  if (!Number.isSafeInteger(seed) || seed < 0) throw new Error("its seed is no whole number");
  if (!(accuracy >= 0 && accuracy <= 1))
    throw new Error("its accuracy is no number from 0 to 1, and no percentage");
  return { ...result, name, net, link: result.link.slice(0, longest.link) };
}

// What a spreadsheet has put around a field.
const unquoted = (field: string) =>
  field
    .trim()
    .replace(/^"(.*)"$/, "$1")
    .replaceAll('""', '"')
    .trim();

/** 0.97, 0,97 or 97 % as a share; NaN where it is none. */
function shareOf(text: string): number {
  const percent = /^(.*?)\s*%$/.exec(text)?.[1];
  return percent === undefined ? readNumber(text) : readNumber(percent) / 100;
}

/**
 * The query of an address. The rest of it is dropped, so that a link leads to this page, whatever
 * somebody has written.
 */
export function queryOf(address: string): string {
  const at = address.indexOf("?");
  if (at < 0) return "";
  return `?${new URLSearchParams(address.slice(at + 1).split("#")[0]).toString()}`;
}

/** Whether a run learned the small MNIST, by its link. */
export const isSmall = ({ link }: BoardResult): boolean =>
  new URLSearchParams(link).get("data")?.toLowerCase() === "small";

/** All results, each once, however often it was given. */
export function merged(results: readonly BoardResult[]): BoardResult[] {
  const known = new Map<string, BoardResult>();
  for (const result of results) {
    const { name, net, rate, epochs, seed, judge, accuracy } = result;
    const written = [name.toLowerCase(), net, rate, epochs, seed, judge, accuracy.toFixed(4)];
    const key = JSON.stringify(written);
    // The one with more digits or a link says more.
    const before = known.get(key);
    known.set(key, { ...result, link: result.link || (before?.link ?? "") });
  }
  return [...known.values()];
}

/** What the results are sorted by. */
export type Column = (typeof columns)[number];

/** The results in the order of a column; where two have the same, as they were. */
export function sorted(results: readonly BoardResult[], by: Column, down: boolean): BoardResult[] {
  const value = (result: BoardResult) => (by === "judged by" ? result.judge : result[by]);
  const order = (a: string | number, b: string | number) =>
    typeof a === "number" && typeof b === "number"
      ? Number(Number.isNaN(a)) - Number(Number.isNaN(b)) || (a - b) * (down ? -1 : 1)
      : String(a).localeCompare(String(b)) * (down ? -1 : 1);
  return results.toSorted((a, b) => order(value(a), value(b)));
}
