// The table of speeds: a row for each work, which is empty until it is measured.
import { grouped } from "../ui/format";
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
      const body = table.appendChild(document.createElement("tbody"));
      const title = cell("th", group.title);
      title.setAttribute("scope", "rowgroup");
      title.setAttribute("colspan", "4");
      row(body, [title]);
      for (const { id, label } of group.works) {
        const name = cell("th", label);
        name.setAttribute("scope", "row");
        const gauge = cell("td", "");
        gauge.className = "gauge";
        const frame = gauge.appendChild(document.createElement("span"));
        const pale = frame.appendChild(document.createElement("i"));
        pale.className = "pale";
        const dark = frame.appendChild(document.createElement("i"));
        const [share, speed] = [cell("td", "–"), cell("td", "–")];
        row(body, [name, gauge, share, speed]).dataset["testid"] = "speed";
        this.rows.set(id, { dark, pale, share, speed });
      }
    }
  }

  show(id: string, { share, rate, unit }: Result): void {
    const row = this.rows.get(id)!;
    row.dark.style.scale = `${Math.min(share.low, 1)} 1`;
    row.pale.style.scale = `${Math.min(share.high, 1)} 1`;
    row.share.textContent = `${Math.round(100 * share.median)} %`;
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

function cell(tag: "th" | "td", text: string): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

function row(body: HTMLElement, cells: HTMLElement[]): HTMLElement {
  const element = body.appendChild(document.createElement("tr"));
  element.append(...cells);
  return element;
}
