// What the net answers to pictures whose classes nobody gave away, as a table to save.
import { downloadTable, type Cell } from "../../../ui/download";
import { mostProbable } from "../run/current_net";
import type { DigitsRun } from "../run/digits_run";
import { layoutOf, partOf } from "./chosen_pictures";
import type { UnlabeledPictures } from "./kept_pictures";

// The number of pictures that are asked about at a time.
const together = 500;

// Asks the net, and saves the table; false where the net has gone or diverged.
export async function saveAnswers(
  run: DigitsRun,
  { count, images, names }: UnlabeledPictures,
  onAnswered: (count: number) => void,
): Promise<boolean> {
  const classNames = run.pictures!.names;
  const { start, size } = await layoutOf(images);
  const rows: Cell[][] = [[names ? "name" : "number", "answer", "probability"]];
  for (let begin = 0; begin < count; begin += together) {
    const end = Math.min(begin + together, count);
    const bytes = await partOf(images, start + begin * size, start + end * size);
    const inputs = Float32Array.from(bytes, (value) => value / 255);
    const found = await run.net.predict(inputs, end - begin);
    if (!found) return false;
    for (let i = begin; i < end; i++) {
      const row = found.subarray((i - begin) * classNames.length, (i - begin + 1) * classNames.length); // prettier-ignore
      const answer = mostProbable(row);
      if (answer === undefined) return false;
      rows.push([names?.[i] ?? i + 1, classNames[answer]!, row[answer]!]);
    }
    onAnswered(end);
  }
  downloadTable("lanegrad-answers.csv", rows);
  return true;
}
