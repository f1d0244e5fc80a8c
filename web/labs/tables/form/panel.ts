// The settings of the run, and what the engine makes of the net's text.
import { SettingsForm } from "../../../settings/form";
import { NetField } from "../../../settings/net_field";
import { changesInWords } from "../../../settings/rates_in_words";
import { isRunning } from "../../../run/status";
import { part, setText } from "../../../ui/dom";
import { grouped } from "../../../ui/format";
import type { TablesRun } from "../run/tables_run";
import { own } from "../settings/shipped";
import { fields } from "../settings/tables_settings";

const shown = ["epochs", "lr", "batch", "optimizer", "net", "held", "split", "seed"] as const;

export function mount(place: HTMLElement, run: TablesRun): void {
  const { settings, session } = run;
  const form = new SettingsForm({
    form: place as HTMLFormElement,
    slider: part<HTMLInputElement>(place, "lr-slider"),
    fields,
    keys: shown,
    settings,
    rate: () => run.rate,
    onRate: (rate) => run.changeRate(rate),
    onChange: (key) => run.change(key),
  });
  const about = part(place, "tb-net-about");
  const text = part<HTMLTextAreaElement>(place, "tb-net");
  const net = new NetField({
    text,
    describe: () => session.describe(text.value),
    show({ parameters, layers }) {
      const dense = layers.filter(({ kind }) => kind === "Dense");
      const widths = [
        session.made?.prepared.inputs.length ?? 0,
        ...dense.map(({ shape }) => shape.join()),
      ];
      const linear = dense.length === 1 ? ": a linear model" : "";
      setText(
        about,
        `${widths.join(" → ")} numbers, ${grouped(parameters)} weights and biases${linear}`,
      );
    },
    complain(error) {
      if (error) setText(about, "");
      form.complain("net", error?.message ?? "");
    },
  });
  run.toComplaint = () => {
    const complaint = form.toComplaint();
    if (complaint) run.say(complaint);
    return complaint !== undefined;
  };

  const showRates = () => {
    form.showRate();
    setText(part(place, "tb-rates"), changesInWords(settings.rates));
  };
  run.on("rate", showRates);
  run.on("settings", () => {
    form.show();
    showRates();
    setText(
      part(place, "tb-link"),
      settings.table === own
        ? "The settings are part of this page’s address, the table is not: whoever opens the link chooses the file."
        : "The whole run is part of this page’s address: share it, and others get the same numbers.",
    );
  });
  run.on("made", ({ prepared: { train, held } }) => {
    setText(
      part(place, "tb-held-note"),
      `It learns from ${grouped(train.count)} rows. ${grouped(held.count)} are held out: it never learns from them, so they tell what it is worth on new ones.`,
    );
    void net.check();
  });
  run.on("complaint", ({ key, sentence }) => {
    if (key === "net") form.complain("net", sentence);
  });
  run.on("status", (status) => {
    part<HTMLFieldSetElement>(place, "fixed").disabled = isRunning(status);
    setText(
      part(place, "note"),
      isRunning(status) ? "The greyed settings are fixed while a run is under way." : "",
    );
  });
}
