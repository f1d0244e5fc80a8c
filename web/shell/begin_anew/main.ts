// The page that forgets what the labs keep in this browser. It is a page of its own, since no lab is open in it that could
// keep something meanwhile. It does not await at its top, which would make the bundler cut what the labs load first into more pieces.
import { make } from "../../ui/dom";
import { describe, Problems } from "../../ui/problems";
import { forgetAll, kept, whenAllAreGone } from "./kept";

const part = (name: string) => document.querySelector<HTMLButtonElement>(`[data-part="${name}"]`)!;
const problems = new Problems(document.getElementById("problems")!);
const forget = part("forget");

async function begin(): Promise<void> {
  forget.disabled = true;
  try {
    // Other tabs leave what they show, which web/main.ts does, and may keep a run as they do. What comes after them waits.
    const channel = new BroadcastChannel("lanegrad-anew");
    channel.postMessage(undefined);
    await whenAllAreGone(forgetAll);
    channel.close();
    location.replace("./");
  } catch (error) {
    forget.disabled = false;
    problems.show({ ...describe(error), title: "Not everything is forgotten yet" });
  }
}

forget.addEventListener("click", () => void begin());
part("back").addEventListener("click", () => {
  if (history.length > 1) history.back();
  else location.replace("./");
});

async function list(): Promise<void> {
  const items = (await kept()).map((what) => make("li", {}, what));
  document.getElementById("forgotten")!.append(...items);
  forget.disabled = false;
}

void list();
