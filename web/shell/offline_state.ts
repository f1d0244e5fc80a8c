// Says at the foot of the page whether it can be used without a connection: the service worker has stored the page, whole
// or not at all, and MNIST, all or the small one, is in a cache of its own.
import { files as full } from "../data/mnist_files.mjs";
import { files as small } from "../data/small_mnist_files.mjs";
import { setText } from "../ui/dom";

// In milliseconds.
const pause = 2000;

/** Keeps the sentence in `place` true, until all is stored. */
export async function tellState(
  registration: ServiceWorkerRegistration,
  place: HTMLElement,
): Promise<void> {
  for (;;) {
    const { installing, waiting, active } = registration;
    const hasPage = active !== null || waiting !== null;
    const digits = await storedDigits();
    setText(place, sentence(hasPage, digits, installing !== null));
    if (hasPage && digits === "full") return;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

type Digits = "full" | "small" | undefined;

function sentence(hasPage: boolean, digits: Digits, isComing: boolean): string {
  if (hasPage && digits === "full") return "Stored for use without a connection.";
  if (hasPage && digits)
    return "Stored for use without a connection, with the small MNIST alone (data=small in the address).";
  if (hasPage) return "The page is stored for use without a connection, the digits are not yet.";
  return isComing ? "Being stored for use without a connection …" : "";
}

// Which MNIST the caches have, all of it or the small one, see web/data/mnist_worker.ts.
async function storedDigits(): Promise<Digits> {
  try {
    const names = (await caches.keys()).filter((name) => name.startsWith("lanegrad-mnist-"));
    const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    const has = (files: typeof full) =>
      kept.some((all) =>
        files.every(({ name }) => all.some(({ url }) => url.endsWith(`/${name}.gz`))),
      );
    return has(full) ? "full" : has(small) ? "small" : undefined;
  } catch {
    return undefined;
  }
}
