// What is done about an address that somebody has gone to without loading the page anew, and said of one that is not
// wholly understood.
import type { Complaint } from "../../settings/address";
import { sentence } from "../../settings/complaints";
import { completed, fields, fromAddress, only, type Key } from "./settings/digits_settings";
import type { DigitsRun } from "./run/digits_run";

/**
 * Asks for the settings of the address; what has been learned stays until the next start. An address that does not name
 * its data leaves those in hand, which a visitor on a slow line has chosen.
 */
export async function adopt(run: DigitsRun, search: string): Promise<void> {
  const { settings, named, complaints } = fromAddress(search);
  // Before the engine has its recipes, nobody knows what the rest of the address stands for.
  if (run.asked.recipes.length === 0) {
    await new Promise<void>((known) => run.on("recipes", () => known()));
  }
  if (run.running) await run.stop();
  const { data } = run.settings;
  const wanted = named.includes("data") ? settings.data : data;
  if (wanted !== data) run.emit("choosePictures", wanted);
  const asked = completed({ ...only(settings, named), data: wanted }, run.asked.recipes);
  run.ask({ ...asked, data });
  complain(run, complaints);
}

/** Says what of the address is not taken, and what is used instead: the recipe for the net, which the engine has. */
export function complain(run: DigitsRun, complaints: readonly Complaint<Key>[]): void {
  const title = "The address has a setting that does not work";
  for (const complaint of complaints)
    run.show({ title, message: sentence(fields, complaint, run.asked.base) }, "notice");
}
