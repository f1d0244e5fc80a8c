// The table of speeds: a row for each work, which is empty until it is measured.
import { make } from "../ui/dom";
import { grouped, percentage } from "../ui/format";
import type { Group, Result } from "./measure";

interface Row {
  // The bar up to the lower quartile.
  dark: HTMLElement;
  // The bar up to the upper quartile, behind the dark one.
  pale: HTMLElement;
  share: HTMLElement;
  speed: HTMLElement;
}

export class SpeedTable {
  private readonly rows = new Map<string, Row>();

  constructor(table: HTMLElement, groups: Group[]) {
    for (const group of groups) {
      const title = make("th", { scope: "rowgroup", colSpan: 4 }, group.title);
      const works = group.works.map(({ id, label }) => {
        const [pale, dark] = [make("i", { className: "pale" }), make("i")];
        const gauge = make("td", { className: "gauge" }, make("span", {}, pale, dark));
        const [share, speed] = [make("td", {}, "–"), make("td", {}, "–")];
        this.rows.set(id, { dark, pale, share, speed });
        const name = make("th", { scope: "row" }, label);
        return make("tr", { test: "speed" }, name, gauge, share, speed);
      });
      table.append(make("tbody", {}, make("tr", {}, title), ...works));
    }
  }

  show(id: string, { share, rate, unit }: Result): void {
    const row = this.rows.get(id)!;
    row.dark.style.scale = `${Math.min(share.low, 1)} 1`;
    row.pale.style.scale = `${Math.min(share.high, 1)} 1`;
    row.share.textContent = percentage(Math.round(100 * share.median));
    row.speed.textContent =
      unit === "digits"
        ? `${grouped(Math.round(rate.median))} digits a second`
        : `${(rate.median / 1e9).toFixed(1)} billion operations a second`;
  }

  clear(): void {
    for (const { dark, pale, share, speed } of this.rows.values()) {
      dark.style.scale = pale.style.scale = "0 1";
      share.textContent = speed.textContent = "–";
    }
  }
}
