// The axis on which the inspector shows how far a step moved a tensor, as a share of its size: from
// 10⁻⁶ to 1, with the usual range shaded.
import { make } from "../../../ui/dom";
import { scientific } from "../../../ui/format";
import { usual } from "./explanations";

const [from, to] = [-6, 0];

// The place of a share on the axis, in percent.
const place = (share: number) => (100 * (Math.log10(share) - from)) / (to - from);

// The powers of ten.
export function ticks(): HTMLElement {
  const element = make("div", { className: "ticks" });
  for (const power of [-5, -3, -1]) {
    const tick = make("span", {}, scientific(10 ** power).replace(/^1(\.0)?·/, ""));
    tick.style.left = `${place(10 ** power)}%`;
    element.append(tick);
  }
  return element;
}

// One tensor's line: the usual range, and a dot that is hidden until there is a share.
export function track(): HTMLElement {
  const range = make("i", { className: "range" });
  range.style.left = `${place(usual.from)}%`;
  range.style.width = `${place(usual.to) - place(usual.from)}%`;
  return make("div", { className: "track" }, range, make("i", { className: "dot", hidden: true }));
}

// Moves the dot of a line: a ring instead where the share is unusual.
export function showRatio(line: HTMLElement, share: number): void {
  const dot = line.querySelector<HTMLElement>(".dot")!;
  dot.hidden = !(share > 0 && Number.isFinite(share));
  dot.style.left = `${Math.min(Math.max(place(share), 0), 100)}%`;
  dot.classList.toggle("unusual", !(share >= usual.from && share <= usual.to));
}
