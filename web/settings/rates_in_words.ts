// Changes of the learning rate on the way, as a sentence.
import type { Changes } from "./rates";

/** What is said of the changes on the way, beside the rate; empty where there are none. */
export function changesInWords(rates: Changes): string {
  if (rates.length === 0) return "";
  if (rates.length > 3)
    return `It changes ${rates.length} times; in the end it is ${rates.at(-1)![1]}.`;
  return `Then ${rates.map(([step, rate]) => `${rate} from step ${step} on`).join(", ")}.`;
}
