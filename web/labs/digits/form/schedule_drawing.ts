// The learning rate over the run, drawn before it is run, with a mark at the current step.
import { powerOfTen } from "../../../ui/format";
import { shape } from "../../../ui/svg";

const [width, height, margin] = [280, 72, 5];

export class ScheduleDrawing {
  private readonly line = shape("path", { class: "rates" });
  private readonly done = shape("path", { class: "place" });
  private rates: ArrayLike<number> = [];

  constructor(
    svg: SVGSVGElement,
    private readonly caption: HTMLElement,
  ) {
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.append(this.line, this.done);
  }

  // Shows rates at equal distances from the first step to the last.
  show(rates: ArrayLike<number>): void {
    this.rates = rates;
    const highest = Math.max(...Array.from(rates));
    const points = Array.from(rates, (rate, i) => {
      const x = margin + (i / Math.max(rates.length - 1, 1)) * (width - 2 * margin);
      const y = height - margin - (rate / highest || 0) * (height - 2 * margin);
      return `${x.toFixed(1)} ${y.toFixed(1)}`;
    });
    this.line.setAttribute("d", points.length > 0 ? `M${points.join("L")}` : "");
    const written = (rate: number) => powerOfTen(String(Number(rate.toPrecision(2))));
    const at = (i: number) => written(rates[i] ?? 0);
    this.caption.textContent =
      rates.length === 0
        ? ""
        : at(0) === at(rates.length - 1) && highest === rates[0]
          ? `${at(0)} at every step.`
          : `From ${at(0)}, at most ${written(highest)}, to ${at(rates.length - 1)}.`;
    this.place(undefined);
  }

  // Marks how far the run is, 0 to 1.
  place(share: number | undefined): void {
    if (share === undefined || this.rates.length === 0) return this.done.removeAttribute("d");
    const x = margin + Math.min(share, 1) * (width - 2 * margin);
    this.done.setAttribute("d", `M${x.toFixed(1)} ${margin}V${height - margin}`);
  }
}
