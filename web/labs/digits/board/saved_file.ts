// What a saved run says of itself: the head of its file alone is read, not the weights.
import { readAddress } from "../../../settings/address";
import { judgement, standing } from "../run/run_record";
import { defaults, fields, toAddress, type Key, type Settings } from "../settings/digits_settings";
import { headerOf, lengthSize } from "../storage/checkpoint";
import { recordIn } from "../storage/run_file";
import { mnistIn } from "../storage/which_mnist";
import type { NamedRecipe } from "lanegrad";
import { checked, type BoardResult } from "./results";

// A record holds some hundred kilobytes.
const mostBytes = 8_000_000;

/** The result of the run in a file, which is called like the file. Throws a sentence on what is wrong. */
export async function resultIn(file: File, recipes: readonly NamedRecipe[]): Promise<BoardResult> {
  const head = await headIn(file);
  const texts = parsed("it is no safetensors file", () => headerOf(head).header.__metadata__);
  if (typeof texts !== "object" || texts === null)
    throw new Error("it is no saved run of this page");
  const { epochs = [], restored, rates } = parsed("its record is no JSON", () => recordIn(head));
  const last = standing({ epochs, restored });
  if (!last)
    throw new Error(
      "it says of no epoch what came of it: the terminal wrote it, or none had ended",
    );
  const settings = structuredClone(defaults);
  const { named } = readAddress<Settings, Key>(
    fields,
    settings,
    new URLSearchParams(texts).toString(),
  );
  if (!named.includes("net") || !named.includes("lr"))
    throw new Error("it does not say with which net and rate");
  Object.assign(settings, rates, { data: mnistIn(head) ?? "full" });
  const { judge, accuracy, loss } = judgement(last);
  return checked({
    name: file.name.replace(/\.safetensors$/i, ""),
    net: settings.net,
    rate: settings.lr,
    epochs: epochs.length,
    seed: settings.seed,
    ...{ judge, accuracy, loss },
    link: toAddress(settings, recipes, ""),
  });
}

// What the browser says of broken JSON, every one in words of its own, is said in these instead.
function parsed<T>(sentence: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof SyntaxError ? new Error(sentence) : error;
  }
}

async function headIn(file: File): Promise<Uint8Array> {
  const noRun = "it is no safetensors file";
  if (file.size < lengthSize) throw new Error(noRun);
  const start = new DataView(await file.slice(0, lengthSize).arrayBuffer());
  const length = start.getBigUint64(0, true);
  if (length > file.size - lengthSize) throw new Error(noRun);
  if (length > mostBytes) throw new Error("its head is larger than that of a saved run");
  return new Uint8Array(await file.slice(0, lengthSize + Number(length)).arrayBuffer());
}
