// Parts of the page that are loaded when they are first wanted. What could not be loaded is asked for again by the
// next call, since the connection may be back.
import { LanegradError } from "lanegrad";

// Gives a function that does the work once.
export function once<T>(work: () => Promise<T>): () => Promise<T> {
  let begun: Promise<T> | undefined;
  return () =>
    (begun ??= work().catch((error: unknown) => {
      begun = undefined;
      throw error;
    }));
}

// Gives a function that imports a module, of whose exports `name` is one; it rejects with LoadFailed.
export function lazy<M extends object>(
  load: () => Promise<M>,
  name: keyof M & string,
): () => Promise<M> {
  let failures = 0;
  let style: string | undefined; // which did not come
  return once(async () => {
    try {
      if (style) await loadStyle(style);
      return await load();
    } catch (error) {
      const { message } = error as Error;
      const [address] = /https?:\S+/.exec(message) ?? []; // Safari does not say it.
      failures++;
      style = address?.endsWith(".css") ? address : undefined;
      // Firefox before 155 remembers of an address that nothing could be fetched from it.
      if (failures > 1 && address?.endsWith(".js")) {
        const other = `${address}?${failures}`;
        const module: M | undefined = await import(/* @vite-ignore */ other).catch(() => undefined);
        if (module && name in module) return module;
      }
      const file = address?.split("/").at(-1) ?? "a file";
      throw new LanegradError("LoadFailed", `page: ${file} could not be loaded (${message})`);
    }
  });
}

// A module's stylesheets are asked for by Vite, which does so once.
function loadStyle(address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    document.querySelector(`link[href="${address}"]`)?.remove();
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = address;
    link.onload = () => resolve();
    link.onerror = () => reject(new Error(`no style from ${address}`));
    document.head.append(link);
  });
}
