// Loads parts of the page when they are first needed. What could not be loaded is asked for again
// by the next call, since the connection may be back.
import { LanegradError } from "lanegrad";
import { make } from "./dom";

// Makes a function that does the work once, and again after a failure.
export function once<T>(work: () => Promise<T>): () => Promise<T> {
  let begun: Promise<T> | undefined;
  return () =>
    (begun ??= work().catch((error: unknown) => {
      begun = undefined;
      throw error;
    }));
}

// Makes a function that imports a module, one of whose exports is `name`; it rejects with
// LoadFailed.
export function lazy<M extends object>(
  load: () => Promise<M>,
  name: keyof M & string,
): () => Promise<M> {
  let failures = 0;
  // The address of the stylesheet that could not be loaded.
  let style: string | undefined;
  return once(async () => {
    try {
      if (style) await loadStyle(style);
      return await load();
    } catch (error) {
      const { message } = error as Error;
      // Safari does not say the address.
      const [address] = /https?:\S+/.exec(message) ?? [];
      failures++;
      style = address?.endsWith(".css") ? address : undefined;
      // Firefox before 155 remembers that an address could not be fetched.
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

// Loads a module's stylesheet, which Vite asks for only once.
function loadStyle(address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    document.head.querySelector(`link[href="${address}"]`)?.remove();
    const onload = () => resolve();
    const onerror = () => reject(new Error(`no style from ${address}`));
    document.head.append(make("link", { rel: "stylesheet", href: address, onload, onerror }));
  });
}
