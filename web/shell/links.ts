// What the page's own links do without loading it anew: those of terms show the glossary's entry, and those to things to
// try set the experiment up.
import { explain } from "./explained";

/** Follows a link; `showAddress` shows what the page's address asks for. */
export async function follow(
  link: HTMLAnchorElement,
  showAddress: () => Promise<void>,
): Promise<void> {
  if (link.matches(".term")) return explain(link);
  const { search, hash } = link;
  if (search) {
    history.pushState(null, "", search);
    await showAddress();
  } else {
    // The first lab as it is.
    document.querySelector<HTMLElement>(".labs a")!.click();
  }
  const place =
    document.getElementById(hash.slice(1)) ??
    document.querySelector(`main > :not([hidden]) :is([data-part="start"], [data-part="walk"])`)!;
  await reveal(place as HTMLElement);
}

// Brings a part of the page into sight and gives it the focus, so that Tab goes on from there.
async function reveal(place: HTMLElement): Promise<void> {
  for (let each = place.closest("details"); each; each = each.parentElement!.closest("details"))
    each.open = true;
  // A button that waits for the engine takes no focus.
  for (let tries = 0; tries < 100 && place.matches(":disabled"); tries++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  if (place.tabIndex < 0) place.tabIndex = -1;
  place.focus({ preventScroll: true });
  place.scrollIntoView({ block: place.offsetHeight > innerHeight / 2 ? "start" : "center" });
}
