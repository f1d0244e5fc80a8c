// Starts the service worker, which stores the page for visits without a connection: once all else has been
// loaded, and only the built page.
export function storeForOffline(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  // Without it (a private window, a full disk) the page works as long as there is a connection.
  const begin = () => void register().catch(() => {});
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin, { once: true });
}

async function register(): Promise<void> {
  const url = new URL("./service_worker.js", document.baseURI);
  const registration = await navigator.serviceWorker.register(url);
  // A version that waits learns which one this page is of, and decides.
  const tell = () => registration.waiting?.postMessage(import.meta.url);
  const follow = () => registration.installing?.addEventListener("statechange", tell);
  registration.addEventListener("updatefound", follow);
  follow();
  tell();
  await registration.update(); // Otherwise the browser looks for another version when it likes to.
}
