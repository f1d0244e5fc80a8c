// The second lab, Functions: puts its parts in their places and tells them what the session says.
import { LanegradError } from "lanegrad";
import "./functions.css";
import markup from "./functions.html?raw";
import type { OpenLab } from "../lab";
import { grouped } from "../../ui/format";
import { describe, Problems } from "../../ui/problems";
import { RunButtons } from "../../run/run_buttons";
import { isRunning, type Status } from "../../run/status";
import { changed } from "../../settings/rates";
import type { Look, Made } from "./engine/experiment";
import {
  saveCurve,
  saveLandscape,
  saveLosses,
  savePlane,
  savePoints,
  saveWeights,
} from "./files/tables";
import { Form, type Shown } from "./form/form";
import { readFormula } from "./engine/formula";
import type { Slice } from "./engine/landscape";
import { LandscapeView } from "./landscape/landscape_view";
import { NetText } from "./form/net_text";
import { OwnPoints } from "./form/own_points";
import { write } from "./plots/plane";
import { saveCanvas } from "./files/save";
import { Session, type Plan } from "./run/remote_experiment";
import { defaultsOf, fromAddress, longestPoints, toAddress } from "./settings/functions_settings";
import { View } from "./views/panel";
import { fieldOf, inputsOf, wantedOf } from "./settings/experiment_plan";

export const open: OpenLab = (place, shell) => {
  // The markup is part of the build, so it can be trusted.
  place.innerHTML = markup;
  const find = <T extends HTMLElement>(selector: string) => place.querySelector<T>(selector)!;
  const byTest = <T extends HTMLElement>(name: string) => find<T>(`[data-testid="${name}"]`);
  const plot = (name: string) => find(`[data-plot="${name}"]`);

  const { settings, complaints } = fromAddress(shell.address.read());
  // The current learning rate.
  let rate = settings.lr;
  let made: Made | undefined;
  let look: Look | undefined;
  let slice: Slice | undefined;

  const problems = new Problems(find(".fn-problems"));
  function complain(sentences: string[]): void {
    for (const message of sentences) {
      problems.show({ title: "This address was not wholly understood", message }, "notice");
    }
  }
  complain(complaints);
  const view = new View(place);
  const landscape = new LandscapeView(
    plot("landscape"),
    find(".fn-heights"),
    byTest("fn-landscape-about"),
  );

  function show(): void {
    if (!made || !look || place.hidden) return;
    // The engine's rate is a float.
    rate = Number(look.rate.toPrecision(6));
    form.showRate();
    view.show(made, look);
  }

  function showStatus(status: Status): void {
    byTest("fn-status").textContent = status;
    byTest("fn-status").dataset["status"] = status;
    const running = isRunning(status);
    const continues = session.continues(planOrNone()?.wanted, settings.steps);
    buttons.show(status, false, status === "finished" || continues);
    // The button says that what was learned so far would be lost.
    if (status === "idle" && session.step > 0 && !continues) {
      byTest("start").textContent = "Start again";
    }
    find<HTMLFieldSetElement>(".fn-fixed").disabled = running;
    find(".fn-note").textContent = running
      ? "The greyed settings are fixed while a run is under way."
      : "";
    if (status === "finished" && look) {
      shell.say(`${look.step} steps are done. Training loss ${write(look.train.loss)}.`);
    }
  }

  // ---- What the settings ask for --------------------------------------------

  const plan = (): Plan => ({
    wanted: wantedOf(settings),
    steps: settings.steps,
    pace: settings.pace,
  });
  function planOrNone(): Plan | undefined {
    try {
      return plan();
    } catch {
      return undefined;
    }
  }

  // Makes the net anew from the current settings; what is wrong with them stands below the field
  // that it is about.
  async function make(): Promise<void> {
    try {
      await session.reset(() => wantedOf(settings));
      for (const key of ["f", "net", "low", "points"] as const) form.complain(key, "");
    } catch (thrown) {
      const sentence = thrown instanceof Error ? thrown.message : String(thrown);
      const key = fieldOf(sentence);
      if (key) form.complain(key, sentence);
      else {
        const action = { label: "Try again", run: () => void make() };
        problems.show({ ...describe(thrown), action });
      }
    }
  }

  // The address as this lab wrote or read it last.
  let written = "";
  function writeAddress(): void {
    written = toAddress(settings);
    shell.address.write(written);
    const tooLong = settings.task === "points" && settings.points.length > longestPoints;
    byTest("fn-link").textContent = tooLong
      ? "These points are too many for this page’s address: keep their file to repeat the run."
      : "The whole experiment stands in this page’s address: a link to it repeats the run to the same digits.";
    const changes = settings.rates.map(([step, rate]) => `${rate} from step ${step} on`);
    byTest("fn-rates").textContent =
      changes.length > 3
        ? `It changes ${changes.length} times; at last it is ${changes.at(-1)}.`
        : changes.length > 0
          ? `Then ${changes.join(", ")}.`
          : "";
  }

  function showAll(): void {
    rate = settings.lr;
    points.show(settings.points);
    form.show();
    net.show();
    view.arrange(settings, made);
    writeAddress();
  }

  // Takes another experiment from the address: by a link on the page, or by going back.
  function adopt(search: string): void {
    const { settings: given, complaints } = fromAddress(search);
    Object.assign(settings, given);
    problems.clear();
    complain(complaints);
    showAll();
    void make();
  }

  // ---- The session ----------------------------------------------------------

  const session = new Session({
    onStatus: showStatus,
    onMade(now) {
      made = now;
      byTest("fn-scaled").textContent = now.scaled
        ? `Values from ${now.scaled.map((end) => write(end, 3)).join(" to ")} are far from the sizes that nets work with: this one learns them moved and stretched to −1 to 1, and the loss is of those.`
        : "";
      showSlice(undefined);
      view.arrange(settings, made);
      void net.describe();
    },
    onLook(now) {
      look = now;
      show();
      if (session.status === "training") {
        shell.say(`Step ${now.step}. Training loss ${write(now.train.loss)}.`);
      }
    },
    onProblem(thrown) {
      const problem = describe(thrown);
      if (thrown instanceof LanegradError && thrown.code === "Diverged") {
        const lower = Number(Math.min(session.rate / 10, 0.1).toPrecision(2));
        // The engine counts epochs, this lab counts steps.
        const { step } = session;
        const [, loss] = /the loss is (\S+)/.exec(thrown.message) ?? [];
        problem.message = `In step ${step + 1} the loss became ${loss === "nan" ? "no number" : "infinite"}: training cannot go on from there. The plots show the ${step === 1 ? "step" : `${grouped(step)} steps`} before it.`;
        problem.hint = `The steps were so large that the weights ran away. A smaller rate may do: ${write(lower)} instead of ${write(session.rate)}.`;
        problem.action = {
          label: `Start again with ${write(lower)}`,
          run() {
            Object.assign(settings, { lr: lower, rates: [] });
            showAll();
            start();
          },
        };
      } else if (thrown instanceof LanegradError && thrown.code === "Crashed") {
        problem.action = { label: "Try again", run: () => void make() };
      }
      problems.show(problem);
    },
  });
  const report = (thrown: unknown) => problems.show(describe(thrown));

  // Calls `run` with the plan that the settings are; where they are none, shows the sentence that
  // says why.
  function withPlan(run: (plan: Plan) => Promise<void>): void {
    problems.clear();
    try {
      // The sentence stands below its field, where the visitor is taken.
      if (form.complaint) {
        form.toComplaint();
        return shell.say(form.complaint);
      }
      run(plan()).catch(report);
    } catch (thrown) {
      report(thrown);
    }
  }
  function start(): void {
    if (session.status === "finished" && settings.steps <= session.step) {
      settings.steps = session.step + defaultsOf(settings.task).steps;
      form.show();
      writeAddress();
    }
    withPlan((plan) => session.start(plan));
  }

  const buttons = new RunButtons(place, {
    start,
    pause: () => withPlan((plan) => session.pauseOrResume(plan)),
    step: () => withPlan((plan) => session.one(plan.wanted)),
    stop: () => void session.stop().catch(report),
    reset() {
      problems.clear();
      void make();
    },
  });

  // ---- The settings ---------------------------------------------------------

  const form = new Form({
    form: find<HTMLFormElement>(".settings"),
    settings,
    rate: () => rate,
    onRate: changeRate,
    onChange: changeSetting,
  });
  function changeSetting(key: Shown): void {
    switch (key) {
      case "task":
        Object.assign(settings, defaultsOf(settings.task), { pace: settings.pace });
        showAll();
        break;
      case "pace":
      case "steps":
        writeAddress();
        session.setGoal(settings.steps, settings.pace).catch(report);
        return showStatus(session.status);
      case "net":
        net.show();
    }
    writeAddress();
    view.arrange(settings, made);
    void make();
  }
  form.formula.addEventListener("input", () => {
    try {
      readFormula(form.formula.value, inputsOf(settings));
      form.complain("f", "");
    } catch (thrown) {
      form.complain("f", (thrown as Error).message);
    }
  });

  const net = new NetText({
    select: find<HTMLSelectElement>("#fn-preset"),
    text: find<HTMLTextAreaElement>("#fn-net"),
    about: byTest("fn-net-about"),
    settings,
    shape: () => ({ inputs: made?.dimension ?? 1, outputs: made?.classes || 1 }),
    describe: (net, inputs, outputs) => session.remote.describe(net, inputs, outputs),
    complain: (sentence) => form.complain("net", sentence),
    onChoice() {
      form.show();
      writeAddress();
      void make();
    },
  });

  const points = new OwnPoints({
    field: find<HTMLTextAreaElement>("#fn-points"),
    button: find<HTMLButtonElement>(".fn-file"),
    file: find<HTMLInputElement>('input[type="file"]'),
    complain: (sentence) => form.complain("points", sentence),
    onPoints(text) {
      settings.points = text;
      writeAddress();
      void make();
    },
  });

  // While the net learns, a change belongs to the run, and the link repeats it; before, it is the
  // run's own rate.
  function changeRate(wanted: number): void {
    rate = wanted;
    if (!session.running && session.status !== "finished") {
      Object.assign(settings, { lr: wanted, rates: [] });
      writeAddress();
      if (made) session.setRate(wanted).catch(report);
      return;
    }
    session
      .setRate(wanted)
      .then((step) => {
        Object.assign(settings, changed(settings, step, wanted));
        writeAddress();
      })
      .catch(report);
  }

  // ---- The landscape --------------------------------------------------------

  const draw = byTest<HTMLButtonElement>("fn-landscape");
  const plane = find<HTMLSelectElement>("#fn-plane");
  async function drawLandscape(): Promise<void> {
    if (!made || draw.ariaDisabled === "true") return;
    const of = made;
    draw.ariaDisabled = "true";
    try {
      const drawn = await session.landscape(plane.value as Slice["plane"], (share) => {
        draw.textContent = `Measuring, ${Math.round(100 * share)} %`;
      });
      // It is of a net that is gone.
      if (made !== of) return;
      showSlice(drawn);
    } catch (thrown) {
      if (made === of) report(thrown);
    } finally {
      draw.ariaDisabled = null;
      nameButton();
    }
  }
  function showSlice(now: Slice | undefined): void {
    slice = now;
    landscape.show(slice);
    nameButton();
  }
  function nameButton(): void {
    draw.textContent = slice ? "Draw it anew" : "Draw the landscape";
    find('[data-save="landscape-png"]').parentElement!.hidden = !slice;
  }
  draw.addEventListener("click", () => void drawLandscape());
  plane.addEventListener("change", () => slice && void drawLandscape());

  // ---- To take home ---------------------------------------------------------

  const savePicture = (name: string, canvas: HTMLCanvasElement) =>
    void saveCanvas(name, canvas).catch(report);
  const saves: Record<string, () => void> = {
    "curve-png": () => savePicture("curve.png", view.curve.canvas),
    "answer-png": () => savePicture("surface.png", view.surface.canvas),
    "classes-png": () => savePicture("decision.png", view.classes.canvas),
    "loss-png": () => savePicture("loss.png", view.losses.canvas),
    "landscape-png": () => slice && savePicture("landscape.png", landscape.canvas),
    "curve-csv": () => made && look && saveCurve(made, look),
    "answer-csv": () => made && look && savePlane(made, look),
    "samples-csv": () => made && savePoints("points.csv", made.points, made),
    "held-csv": () => made?.heldPoints && savePoints("held_out.csv", made.heldPoints, made),
    "loss-csv": () => look && saveLosses(look),
    "landscape-csv": () => slice && saveLandscape(slice),
    "weights-csv": () => void session.remote.weights().then(saveWeights, report),
  };
  for (const button of place.querySelectorAll<HTMLElement>("[data-save]")) {
    button.addEventListener("click", saves[button.dataset["save"]!]!);
  }

  // ---- In and out of sight --------------------------------------------------

  const lessMotion = matchMedia("(prefers-reduced-motion: reduce)");
  session.lessMotion = lessMotion.matches;
  lessMotion.addEventListener("change", () => (session.lessMotion = lessMotion.matches));
  let sight = false;
  function see(): void {
    session.visible = sight && !document.hidden;
    if (session.visible) session.look().catch(report);
  }
  document.addEventListener("visibilitychange", see);

  for (const link of place.querySelectorAll<HTMLAnchorElement>(".fn-try a")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      adopt(new URL(link.href).search);
      const start = byTest("start");
      start.focus({ preventScroll: true });
      start.scrollIntoView({ block: "center" });
    });
  }

  showAll();
  void make();

  return {
    shown() {
      document.title = "lanegrad: a network learns a function";
      sight = true;
      if (shell.address.read() !== written) adopt(shell.address.read());
      see();
    },
    hidden() {
      sight = false;
      session.visible = false;
    },
  };
};
