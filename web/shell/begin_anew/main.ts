// The page that forgets what the labs keep in this browser. It is a page of its own, since no lab is open in it that could
// keep something meanwhile.
import { make } from "../../ui/dom";
import { describe, Problems } from "../../ui/problems";
import { forgetAll, kept } from "./kept";

const part = (name: string) => document.querySelector<HTMLButtonElement>(`[data-part="${name}"]`)!;
const problems = new Problems(document.getElementById("problems")!);
const forget = part("forget");

async function begin(): Promise<void> {
  forget.disabled = true;
  try {
    // Other tabs leave what they show, which web/main.ts does; what they hold of the database is free then.
    const channel = new BroadcastChannel("lanegrad-anew");
    channel.postMessage(undefined);
    await forgetAll();
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

const list = document.getElementById("forgotten")!;
for (const what of await kept()) list.append(make("li", {}, what));
forget.disabled = false;
