// The first lab, Digits: makes the run, and a panel for each of its parts in the page. Its elements
// stand in the page's html, so that they are there before any script is.
import type { OpenLab } from "../lab";
import { nextTask } from "../../run/next_task";
import * as format from "../../ui/format";
import { part } from "../../ui/dom";
import { lazy } from "../../ui/lazy";
import type { Panel } from "../../ui/panel";
import { retriable } from "../../ui/problems";
import * as compare from "./compare/panel";
import * as doctor from "./doctor/panel";
import * as evaluation from "./evaluation/panel";
import * as files from "./files/panel";
import * as form from "./form/panel";
import * as inspector from "./inspector/panel";
import * as net from "./net/panel";
import * as ownData from "./own_data/panel";
import * as pad from "./pad/panel";
import * as pictures from "./pictures/panel";
import * as print from "./print/panel";
import * as problems from "./problems/panel";
import { mountAccuracy, mountLoss } from "./progress/chart_panel";
import * as epochs from "./progress/epochs_panel";
import * as progress from "./progress/panel";
import { DigitsRun } from "./run/digits_run";
import { fromAddress, toAddress, wantsAutostart } from "./settings/digits_settings";
import * as why from "./why/panel";
import * as wording from "./wording";
import "./evaluation/evaluation.css";

const loadOther = lazy(() => import("./other_address"), "adopt");

// The panels, by the part of the lab that is theirs.
const panels: [name: string, mount: (place: HTMLElement, run: DigitsRun) => Panel | void][] = [
  ["loss", mountLoss],
  ["accuracy", mountAccuracy],
  ["problems", problems.mount],
  ["progress", progress.mount],
  ["files", files.mount],
  ["epochs", epochs.mount],
  ["compare", compare.mount],
  ["lab", net.mount],
  ["inspector", inspector.mount],
  ["form", form.mount],
  ["pictures", pictures.mount],
  ["pad", pad.mount],
  ["why", why.mount],
  ["evaluation", evaluation.mount],
  ["own-data", ownData.mount],
  ["problems", doctor.mount],
  ["lab", print.mount],
  ["lab", wording.mount],
];

// Panels that are loaded when their part of the page is opened.
const onDemand = {
  sweep: lazy(() => import("./sweep/sweep_view"), "View"),
  board: lazy(() => import("./board/board_view"), "View"),
  "take-out": lazy(() => import("./take_out/take_out_view"), "View"),
  collect: lazy(() => import("./collect/collect_view"), "View"),
};

export const open: OpenLab = async (lab, { address, say, showEngine, go }) => {
  const { settings, named, complaints } = fromAddress(address.read());
  const run = new DigitsRun(settings, named);

  const mounted: (Panel | void)[] = [];
  for (const [name, mount] of panels) {
    mounted.push(mount(name === "lab" ? lab : part(lab, name), run));
    // A chart takes long to make.
    if (mount === mountLoss || mount === mountAccuracy) await nextTask();
  }

  for (const [name, load] of Object.entries(onDemand)) {
    const place = part(lab, name);
    const fill = () => {
      load().then(
        ({ View }) => new View(place, run),
        (error) => run.show(retriable(error, fill)),
      );
    };
    place.addEventListener("toggle", fill, { once: true });
  }

  // The address as this lab wrote or read it last. Before the engine has its recipes, nobody knows what the rest of the
  // address stands for.
  let written = address.read();
  const writeAddress = () => {
    const { recipes } = run.asked;
    if (recipes.length > 0) address.write((written = toAddress(settings, recipes, address.read())));
  };
  run.onAny(["recipes", "settings", "net"], writeAddress);
  // What is used instead is the recipe for the net, which is known when the engine is loaded.
  function complain(): void {
    if (complaints.length > 0)
      loadOther().then(
        (other) => other.complain(run, complaints.splice(0)),
        (error) => run.show(retriable(error, complain)),
      );
  }
  run.on("recipes", complain);
  run.on("say", say);
  run.on("net", ({ info }) =>
    showEngine(format.engine(info.variant, info.threads), info.note ?? ""),
  );
  run.on("openStep", (step) => void go("autograd", { ...step, run: address.read() }));

  if (wantsAutostart(address.read())) run.start();
  else void run.open();

  return {
    async shown() {
      for (const panel of mounted) panel?.shown?.();
      const search = address.read();
      if (search !== written) await (await loadOther()).adopt(run, search);
    },
    hidden() {},
    run,
  };
};
