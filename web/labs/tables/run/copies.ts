// The numbers of a table in copies for a worker, which takes them over. They are made in pieces, since one of a large
// table at once would block the page.
import type { DataDescription, DataDescriptions } from "lanegrad";
import type { PreparedTable } from "lanegrad/data";
import { nextTask } from "../../../run/next_task";

// The numbers of a piece.
const piece = 2 ** 18;

/** What a trainer takes for its own; the rows that are held out are its test where `tested` says so. */
export async function copiesOf(
  prepared: PreparedTable,
  tested: boolean,
): Promise<DataDescriptions> {
  const { train, test } = prepared.data();
  const learned = await copyOf(train);
  return test && tested ? { train: learned, test: await copyOf(test) } : { train: learned };
}

async function copyOf(description: DataDescription): Promise<DataDescription> {
  if (!("inputs" in description)) return description; // no table's
  const all = description.inputs as Float32Array;
  const inputs = new Float32Array(all.length);
  for (let begin = 0; begin < all.length; begin += piece) {
    await nextTask();
    inputs.set(all.subarray(begin, begin + piece), begin);
  }
  return description.kind === "labels"
    ? { ...description, inputs, labels: (description.labels as Int32Array).slice() }
    : { ...description, inputs, targets: (description.targets as Float32Array).slice() };
}
