// Starts the service worker, which stores the page for visits without a connection, and says so in `place`. It starts
// once all else has been loaded, and only in the built page.
export function storeForOffline(place: HTMLElement): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  // Where there is none (a private window, a full disk), the page works as long as there is a
  // connection.
  addEventListener("load", () => void register(place).catch(() => {}));
}

async function register(place: HTMLElement): Promise<void> {
  const url = new URL("./service_worker.js", document.baseURI);
  const registration = await navigator.serviceWorker.register(url);
  // A waiting version learns which version this page has, and decides.
  const tell = () => registration.waiting?.postMessage(import.meta.url);
  const follow = () => registration.installing?.addEventListener("statechange", tell);
  registration.addEventListener("updatefound", follow);
  follow();
  tell();
  void import("./offline_state").then(({ tellState }) => tellState(registration, place));
  // Otherwise the browser would look for another version only now and then.
  await registration.update();
}
