// Says at the foot of the page whether it can be used without a connection: the service worker has stored the page, whole
// or not at all, and MNIST is in a cache of its own.
import { files } from "../data/mnist_files.mjs";
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
    const hasDigits = await hasMnist();
    setText(place, sentence(hasPage, hasDigits, installing !== null));
    if (hasPage && hasDigits) return;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

function sentence(hasPage: boolean, hasDigits: boolean, isComing: boolean): string {
  if (hasPage && hasDigits) return "Stored for use without a connection.";
  if (hasPage) return "The page is stored for use without a connection, the digits are not yet.";
  return isComing ? "Being stored for use without a connection …" : "";
}

// Whether one of the caches of MNIST, see web/data/mnist_worker.ts, has all its files.
async function hasMnist(): Promise<boolean> {
  try {
    const names = (await caches.keys()).filter((name) => name.startsWith("lanegrad-mnist-"));
    const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return kept.some((all) =>
      files.every(({ name }) => all.some(({ url }) => url.endsWith(`/${name}.gz`))),
    );
  } catch {
    return false;
  }
}
