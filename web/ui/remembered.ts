// Short texts that the browser keeps by name. A browser that keeps nothing has none, and the page works without them.

export function remembered(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Keeps the text in place of the one before; null forgets that. */
export function remember(key: string, text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  } catch {
    // There is no room, or nothing is kept here.
  }
}
