// Which MNIST a run has learned, by what its checkpoint says of its data.
import type { WhichMnist } from "../../../data/mnist";
import { textIn } from "./run_file";

const texts: Record<WhichMnist, string> = {
  full: "60000 samples of shape [1, 28, 28] with the checksum c771667b51d970de",
  small: "9000 samples of shape [1, 28, 28] with the checksum d10a6de3f340d907",
};

/** What sentences call it. */
export const called: Record<WhichMnist, string> = {
  full: "all of MNIST",
  small: "the small MNIST",
};

/** Which MNIST these bytes of a run's file name; undefined where they name other pictures. */
export function mnistIn(file: Uint8Array): WhichMnist | undefined {
  const data = textIn(file, "data");
  return (["full", "small"] as const).find((which) => texts[which] === data);
}
