// The page of speeds: one button, and the results of measure.ts.
import { megabytes } from "../ui/format";
import { fetchMnist } from "../data/mnist";
import { Announcer } from "../ui/announcer";
import { describe, Problems } from "../ui/problems";
import { groups, measure } from "./measure";
import type { Summary } from "./timing/slices.mjs";
import { SpeedTable } from "./table";

const byId = (id: string) => document.getElementById(id)!;
const button = document.querySelector<HTMLButtonElement>('[data-part="measure"]')!;
const way = byId("way") as HTMLProgressElement;
const wayText = byId("way-text");
const problems = new Problems(byId("problems"));
const announcer = new Announcer(byId("announcements"));
const table = new SpeedTable(byId("speeds"), groups);

let running = false;
let stopping = false;

function tell(text: string, share: number): void {
  wayText.textContent = text;
  way.value = share;
  announcer.say(text);
}

function showPeak(variant: string, threads: number, flops: Summary): void {
  const loop = variant.startsWith("relaxed") ? "fused" : "one after the other";
  const count = threads === 1 ? "one thread" : `${threads} threads`;
  byId("peaks").textContent =
    `The peak of ${count} here: ${(flops.median / 1e9).toFixed(1)} billion operations a second, a multiplication and an addition ${loop}. The engine’s build that ran: ${variant}.`;
}

async function run(): Promise<void> {
  running = true;
  stopping = false;
  button.textContent = "Stop";
  problems.clear();
  table.clear();
  try {
    const digits = await fetchMnist((received, total) => {
      const size = total === undefined ? "" : ` of ${megabytes(total)}`;
      tell(`Fetching the digits: ${megabytes(received)}${size} MB`, 0);
    });
    await measure(digits, {
      onWork: (label, share) => tell(`Measuring: ${label}`, share),
      onResult: (id, result) => table.show(id, result),
      onPeak: showPeak,
      stopped: () => stopping,
    });
    tell(stopping ? "Stopped." : "Done.", stopping ? way.value : 1);
  } catch (error) {
    problems.show({ ...describe(error), action: { label: "Try again", run: () => void run() } });
    tell("It could not be measured.", 0);
  } finally {
    running = false;
    button.textContent = "Measure again";
  }
}

button.addEventListener("click", () => {
  if (running) stopping = true;
  else void run();
});
