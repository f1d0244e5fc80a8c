// The settings, and what the engine makes of them.
import { changesInWords } from "../../../settings/rates_in_words";
import { part, setText } from "../../../ui/dom";
import { write } from "../../../ui/plots/plane";
import type { FunctionsRun } from "../run/functions_run";
import { inputsOf } from "../settings/experiment_plan";
import { readFormula } from "../../formula";
import { Form } from "./form";
import { NetText } from "./net_text";
import { OwnPoints } from "./own_points";

export function mount(place: HTMLElement, run: FunctionsRun): void {
  const { settings } = run;
  const form = new Form(part<HTMLFormElement>(place, "form"), {
    settings,
    rate: () => run.rate,
    onRate: (rate) => run.changeRate(rate),
    onChange: (key) => run.change(key),
  });
  const formula = form.input("f");
  formula.addEventListener("input", () => {
    try {
      readFormula(formula.value, inputsOf(settings));
      form.complain("f", "");
    } catch (thrown) {
      form.complain("f", (thrown as Error).message);
    }
  });
  const complainOfNet = (sentence: string) => form.complain("net", sentence);
  const net = new NetText(place, run, complainOfNet, () => {
    form.show();
    run.change("net");
  });
  const points = new OwnPoints(place, {
    complain: (sentence) => form.complainOfPoints(sentence),
    onPoints(text) {
      settings.points = text;
      run.change("points");
    },
  });
  run.toComplaint = () => {
    const complaint = form.toComplaint();
    if (complaint) run.say(complaint);
    return complaint !== undefined;
  };

  run.on("settings", () => {
    points.show(settings.points);
    form.show();
    net.show();
  });
  run.on("change", () => net.show());
  run.on("complaint", ({ key, sentence }) => {
    if (key === "points") form.complainOfPoints(sentence);
    else form.complain(key, sentence);
  });
  run.on("snapshot", () => {
    if (!place.hidden) form.showRate();
  });
  run.on("made", ({ scaled }) => {
    setText(
      part(place, "scaled"),
      scaled
        ? `Values from ${scaled.map((end) => write(end, 3)).join(" to ")} are far from the sizes that nets work with: this one learns them moved and stretched to −1 to 1, and the loss is of those.`
        : "",
    );
    void net.describe();
  });
  run.on("address", () => {
    setText(
      part(place, "link"),
      run.tooLong
        ? "These points are too many for this page’s address: keep their file to repeat the run."
        : "The whole experiment is part of this page’s address: share it, and others get the same numbers.",
    );
    setText(part(place, "rates"), changesInWords(settings.rates));
  });
}
