// The glossary's entry of a term, beside the link that asks for it.
import { make } from "../ui/dom";
import { glossary, termOf } from "../ui/glossary/glossary";

// The pixels between the entry and its link, and to the edges of the window.
const gap = 8;

const title = make("b", { id: "explained-title" });
const text = make("p", { id: "explained-text" });
const toTry = make("a");
const more = make("a", {}, "Glossary");
const panel = make(
  "div",
  { className: "explained", role: "dialog", tabIndex: -1, popover: "manual", test: "term" },
  ...[title, text, make("p", {}, "Try it: ", toTry), make("p", { className: "small" }, more)],
);
panel.id = "explained";
panel.setAttribute("aria-labelledby", title.id);
panel.setAttribute("aria-describedby", text.id);

// The link whose term is explained just now.
let asked: HTMLAnchorElement | undefined;

/** Shows what the link's term means; the same link again takes it away. */
export function explain(link: HTMLAnchorElement): void {
  // A browser without popovers goes to the page of the glossary.
  if (!panel.showPopover) return location.assign(link.href);
  if (link === asked) return close();
  close();
  const term = termOf(link.href);
  const entry = glossary[term]!;
  title.textContent = term;
  text.textContent = entry.text;
  toTry.textContent = entry.try;
  toTry.href = entry.at;
  toTry.className = /^\.\/[?#]/.test(entry.at) ? "here" : "";
  more.href = link.href;
  asked = link;
  link.ariaExpanded = "true";
  link.setAttribute("aria-controls", panel.id);
  document.body.append(panel);
  panel.showPopover();
  arrange();
  panel.scrollIntoView({ block: "nearest" });
  panel.focus({ preventScroll: true });
}

// Takes the entry away; whoever was in it comes back to the link.
function close(): void {
  if (!asked) return;
  const link = asked;
  asked = undefined;
  link.ariaExpanded = "false";
  link.removeAttribute("aria-controls");
  const wasIn = panel.contains(document.activeElement);
  panel.hidePopover();
  panel.remove();
  if (wasIn) link.focus({ preventScroll: true });
}

// Puts the entry below its link, or above where there is more room, within the window. It scrolls with the page.
function arrange(): void {
  if (!asked) return;
  const { left, top, bottom } = asked.getClientRects()[0] ?? asked.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = panel;
  const room = document.documentElement.clientWidth - width - gap;
  const below = bottom + height + 2 * gap <= innerHeight || top < height + 2 * gap;
  panel.style.left = `${scrollX + Math.max(gap, Math.min(left, room))}px`;
  panel.style.top = `${scrollY + (below ? bottom + gap : top - gap - height)}px`;
}

panel.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    // What stands behind it, such as the tour, stays.
    event.stopPropagation();
    return close();
  }
  if (event.key !== "Tab") return;
  // Beyond its ends, the way goes on from the link.
  const ends: Element[] = event.shiftKey ? [toTry, panel] : [more];
  if (!ends.includes(document.activeElement!)) return;
  event.preventDefault();
  close();
});
// A link that was followed leads away from here.
panel.addEventListener("click", ({ target }) => (target as Element).closest("a") && close());
document.addEventListener("keydown", ({ key }) => key === "Escape" && close());
document.addEventListener("pointerdown", ({ target }) => {
  const element = target as Element;
  if (!panel.contains(element) && element.closest("a") !== asked) close();
});
// The page around it may grow as the net learns, and its own type may come late.
const moved = new ResizeObserver(arrange);
moved.observe(panel);
moved.observe(document.body);
addEventListener("popstate", close);
