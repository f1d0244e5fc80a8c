// Where the tour's panel stands, and how far the page is scrolled, so that neither what a step asks for, nor what is to
// be read there, nor what it is about lies under the panel.

// A span of the page, from its top.
interface Span {
  begin: number;
  end: number;
}

const corners = ["bottom right", "bottom left", "top right", "top left"] as const;
type Corner = (typeof corners)[number];

const margin = 16;

// Puts the panel into a corner, and scrolls the page: `asked` comes into sight, and what is to be `read` and what the
// step is `about`, as far as there is room, too. Says whether the page is on its way there.
export function place(
  panel: HTMLElement,
  asked: readonly Element[],
  read: readonly Element[],
  about: Element,
): boolean {
  const ways = [
    [...asked, ...read, about],
    // What is read first is what counts more.
    ...read.map((_, i) => [...asked, ...read.slice(0, read.length - i)]),
    [...asked, about],
    asked,
    read,
  ].filter((elements) => elements.length > 0);
  for (const elements of ways) {
    const places = cornersOf(panel).flatMap((corner) => {
      const top = scrolled(panel, corner, elements, about);
      return top === undefined ? [] : { corner, top, covered: covered(panel, corner, top, read) };
    });
    const [best] = places.toSorted((a, b) => a.covered - b.covered);
    if (!best) continue;
    const { corner, top } = best;
    panel.dataset["corner"] = corner;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const isElsewhere = Math.abs(top - scrollY) >= 1;
    if (isElsewhere) scrollTo({ top, behavior: calm ? "auto" : "smooth" });
    return isElsewhere;
  }
  // It is larger than the window: its beginning is what one sees.
  panel.dataset["corner"] = corners[0];
  (asked[0] ?? about).scrollIntoView();
  return false;
}

// A panel that is as wide as the page has but one place.
const cornersOf = (panel: HTMLElement): readonly Corner[] =>
  panel.offsetWidth > document.documentElement.clientWidth / 2 ? [corners[0]] : corners;

// How far to scroll so that all of the elements are seen beside a panel in this corner; undefined
// where there is no room for them.
function scrolled(
  panel: HTMLElement,
  corner: Corner,
  elements: readonly Element[],
  about: Element,
): number | undefined {
  const spans = elements.map(spanOf);
  const whole = {
    begin: Math.min(...spans.map(({ begin }) => begin)) - margin,
    end: Math.max(...spans.map(({ end }) => end)) + margin,
  };
  const free = freeSpan(panel, corner, elements);
  const room = free.end - free.begin - (whole.end - whole.begin);
  if (room < 0) return undefined;
  const seen = (top: number) =>
    whole.begin - top >= free.begin - 1 && whole.end - top <= free.end + 1;
  if (seen(scrollY)) return scrollY;
  // In the middle, or where what the step is about is seen best.
  const { begin, end } = spanOf(about);
  const above = end < whole.begin + margin;
  const below = begin > whole.end - margin;
  const before = above ? room : below ? 0 : room / 2;
  const most = document.documentElement.scrollHeight - innerHeight;
  const top = Math.max(0, Math.min(whole.begin - free.begin - before, most));
  return seen(top) ? top : undefined;
}

// How many pixels of these elements a panel in this corner covers where the page is scrolled to `top`.
function covered(
  panel: HTMLElement,
  corner: Corner,
  top: number,
  elements: readonly Element[],
): number {
  const { offsetWidth: width, offsetHeight: height } = panel;
  const x = corner.endsWith("left")
    ? margin
    : document.documentElement.clientWidth - margin - width;
  const y = corner.startsWith("top") ? margin : innerHeight - margin - height;
  const common = (from: number, to: number, begin: number, end: number) =>
    Math.max(0, Math.min(to, end) - Math.max(from, begin));
  return elements.reduce((sum, element) => {
    const { left, right } = element.getBoundingClientRect();
    const { begin, end } = spanOf(element);
    return sum + common(left, right, x, x + width) * common(begin - top, end - top, y, y + height);
  }, 0);
}

// The part of the window, from its top, in which the panel covers none of these elements.
function freeSpan(panel: HTMLElement, corner: Corner, elements: readonly Element[]): Span {
  const { clientWidth } = document.documentElement;
  // On a narrow screen the list of the lab's parts stays at the top.
  const bars = [...document.querySelectorAll<HTMLElement>(".parts")];
  const window = { begin: Math.max(0, ...bars.map((bar) => bar.offsetHeight)), end: innerHeight };
  const reach = panel.offsetWidth + 2 * margin;
  const isBeside = elements.every((element) => {
    const { left, right } = element.getBoundingClientRect();
    return corner.endsWith("left") ? left >= reach : right <= clientWidth - reach;
  });
  if (isBeside) return window;
  const high = panel.offsetHeight + margin;
  return corner.startsWith("top")
    ? { ...window, begin: Math.max(window.begin, high) }
    : { ...window, end: innerHeight - high };
}

function spanOf(element: Element): Span {
  const { top, bottom } = element.getBoundingClientRect();
  return { begin: top + scrollY, end: bottom + scrollY };
}
