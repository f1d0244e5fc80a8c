// What the test said, in a sentence.
import * as format from "../../../ui/format";
import type { Tested } from "../run/run_record";

export function whatTestSaid({ from, to, epoch, right, samples }: Tested): string {
  const end = epoch === undefined ? "" : `, the end of epoch ${epoch}, whose weights are back`;
  const when =
    from === to
      ? `after step ${format.grouped(to)}${end}`
      : `between the steps ${format.grouped(from)} and ${format.grouped(to)}, while it learned`;
  return `Asked ${when}: ${format.grouped(right)} of ${format.grouped(samples)} are right, ${format.percent(right / samples)}.`;
}
