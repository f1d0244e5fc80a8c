// Links to what is on screen: the dialog that makes them, and what comes of them where they are opened.
import { labs, type LabName } from "../../labs";
import type { Lab, Sharing, SharingOf } from "../../labs/lab";
import { lazy } from "../../ui/lazy";
import { carried, forget } from "./link";
import { goTo } from "./sections";

const loadDialog = lazy(() => import("./dialog"), "ShareDialog");
const loadTour = lazy(() => import("../tour/tour"), "steps");
// What the labs know of sharing, of those that do.
const modules = import.meta.glob<{ sharing: SharingOf }>("../../labs/*/share/sharing.ts");
const loaders = new Map(
  labs.flatMap(({ name }) => {
    const load = modules[`../../labs/${name}/share/sharing.ts`];
    return load ? [[name, lazy(load, "sharing")]] : [];
  }),
);

const known = new Map<LabName, Sharing>();

async function sharingOf(name: LabName, lab: Promise<Lab>): Promise<Sharing | undefined> {
  const [{ run }, module] = await Promise.all([lab, loaders.get(name)?.()]);
  if (module && !known.has(name)) known.set(name, module.sharing(run));
  return known.get(name);
}

// What the page's address has carried so far.
const followed = new Set<string>();

/** Offers links to this lab as it is now, or does what the page's address says behind its "#". */
export async function share(name: LabName, lab: Promise<Lab>, follows = false): Promise<void> {
  const place = document.getElementById(name)!;
  const sharing = await sharingOf(name, lab);
  if (!follows) {
    const [{ ShareDialog }, { steps }] = await Promise.all([loadDialog(), loadTour()]);
    const [parts = [], file] = await Promise.all([sharing?.parts(), sharing?.file()]);
    // It may have been asked for twice meanwhile.
    if (document.querySelector("dialog[open]")) return;
    new ShareDialog(place, steps, { parts, file, note: sharing?.note });
    return;
  }
  const parts = carried();
  goTo(place, parts.get("at") ?? "");
  // Somebody who comes back to an address has gone on with what it brought.
  const { hash } = location;
  if (followed.has(hash)) return;
  followed.add(hash);
  await sharing?.open(parts, forget);
}
