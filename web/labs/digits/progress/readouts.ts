// The numbers of the run, and the line that says how far it has come.
import * as format from "../../../ui/format";
import { make, part, setText } from "../../../ui/dom";
import type { Judge } from "../../../ui/plots/curves";

export type Name =
  | "status"
  | "epoch"
  | "train-loss"
  | `${Judge}-accuracy`
  | `${Judge}-when`
  | "samples-per-second"
  | "time-left";

export class Readouts {
  // True until there is a net.
  private isLoading = true;
  private readonly way: HTMLProgressElement;

  constructor(private readonly place: HTMLElement) {
    this.way = part<HTMLProgressElement>(place, "way");
  }

  set(name: Name, text: string): void {
    setText(part(this.place, name), text);
  }

  // Shows the accuracy by which the run is judged, and when it is measured where that has to be said; the other one is
  // out of sight.
  judge(judge: Judge, accuracy: string, when: string): void {
    for (const each of ["validation", "test"] as const) {
      this.set(`${each}-accuracy`, each === judge ? accuracy : "–");
      part(this.place, `${each}-accuracy`).parentElement!.hidden = each !== judge;
    }
    this.set(`${judge}-when`, when);
  }

  // Shows a rate: 84210 as 84,210, while its text stays a number.
  setRate(rate: number): void {
    if (!Number.isFinite(rate)) return this.set("samples-per-second", "–");
    const digits = String(Math.round(rate));
    if (part(this.place, "samples-per-second").textContent === digits) return;
    const groups = digits.split(/(?=(?:\d{3})+$)/);
    const spans = groups.map((group, i) =>
      make("span", { className: i > 0 ? "thousands" : "" }, group),
    );
    part(this.place, "samples-per-second").replaceChildren(...spans);
  }

  loading(received: number, total: number | undefined): void {
    const { way } = this;
    this.isLoading = true;
    if (total === undefined) {
      way.removeAttribute("value");
      this.say(`Loading the digits: ${format.megabytes(received)} MB`);
      return;
    }
    way.value = received / total;
    const left = `${format.megabytes(received)} of ${format.megabytes(total)} MB`;
    this.say(received < total ? `Loading the digits: ${left}` : `Preparing the digits (${left})`);
  }

  loadingFailed(): void {
    if (!this.isLoading) return;
    this.isLoading = false;
    this.way.value = 0;
    this.say("Not loaded");
  }

  steps(step: number, total: number): void {
    this.isLoading = false;
    this.way.value = Math.min(step / total, 1);
    this.say(`Step ${format.grouped(step)} of ${format.grouped(total)}`);
  }

  private say(text: string): void {
    setText(part(this.place, "way-text"), text);
  }
}
