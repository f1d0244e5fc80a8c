// The first lab, Digits: puts the parts in their places and tells them what the session says. Its
// elements stand in index.html, so that they are there before any script is.
import {
  LanegradError,
  type NamedRecipe,
  type Progress,
  type Restored,
  type TrainerInfo,
} from "lanegrad";
import type { OpenLab } from "../lab";
import { Answers } from "./pictures/answers";
import { Doctor } from "./doctor/panel";
import { mnistSize, type Digits } from "./run/picture_set";
import { Compare, loadWords, standing } from "./compare/panel";
import type { RunSettings } from "./compare/differences";
import * as format from "../../ui/format";
import { Chart } from "../../ui/plots/chart";
import { nextTask } from "../../run/next_task";
import { accuracyScale, lossScale } from "../../ui/plots/scales";
import { Runs } from "./files/resume_last_run";
import { RunStore, type ShownCurves } from "./run/run_store";
import { Session } from "./run/digits_run";
import { changed, rateAt, taken, type Rates } from "../../settings/rates";
import {
  fromAddress,
  fromEngine,
  keys,
  recipeFor,
  sentence,
  wantsAutostart,
  type Key,
} from "./settings/digits_settings";
import { Bars } from "./pad/answer_bars";
import { Hand } from "./run/selected_picture";
import { Inspector } from "./inspector/panel";
import type { OpenedStep } from "../opened_step";
import { OpenStep } from "./pad/open_step";
import { EpochTable } from "./progress/epoch_table";
import { Evaluation } from "./evaluation/panel";
import { Filters } from "./net/filters";
import { Form } from "./settings/form";
import { Grid } from "./pictures/test_grid";
import { Layers } from "./net/layers";
import { NetEditor } from "./net/net_editor";
import { OwnData } from "./own_data/panel";
import { Pad } from "./pad/pad";
import { describe, Problems } from "../../ui/problems";
import { Readouts } from "./progress/readouts";
import { isRunning, type Status } from "../../run/status";
import { RunButtons } from "../../run/run_buttons";
import { Samples } from "./settings/augmented_samples";
import { ScheduleDrawing } from "./settings/schedule_drawing";
import { speakOf } from "./words";
import { SaveButtons } from "./progress/download_buttons";
import "./compare/compare.css";
import "./evaluation/evaluation.css";

export const open: OpenLab = async (lab, shell) => {
  // Elements of the other labs may have the same names, so only this lab is searched.
  const find = <T extends Element>(selector: string) => lab.querySelector<T>(selector)!;
  const byId = <T extends HTMLElement>(id: string) => find<T>(`#${id}`);
  const footer = (name: string) => document.querySelector(`footer [data-testid="${name}"]`)!;
  const byTest = <T extends HTMLElement>(id: string) => find<T>(`[data-testid="${id}"]`);
  const { address } = shell;
  const { settings, named, complaints } = fromAddress(address.read());
  let recipes: readonly NamedRecipe[] = [];

  // ---- The view -------------------------------------------------------------

  const problems = new Problems(byId("problems"));
  const readouts = new Readouts({
    place: lab,
    way: byId<HTMLProgressElement>("way"),
    wayText: byId("way-text"),
  });
  const table = new EpochTable(byId("epoch-rows"));
  const lossChart = new Chart(byId("loss-figure"), lossScale);
  await nextTask();
  const accuracyChart = new Chart(byId("accuracy-figure"), accuracyScale);
  await nextTask();
  const charts = [lossChart, accuracyChart];
  const layers = new Layers(byId("layers"), byId("net-total"));
  const filters = new Filters({
    figure: byId("filters-figure"),
    canvas: byId<HTMLCanvasElement>("filters"),
    caption: byId("filters-caption"),
    onVisible: look,
  });
  const schedule = new ScheduleDrawing(
    find<SVGSVGElement>("#schedule-drawing"),
    byId("schedule-rates"),
  );
  const samples = new Samples(byId("samples"), 6);

  // Draws at most at the display's rate, and twice a second where the visitor wants less motion.
  const lessMotion = matchMedia("(prefers-reduced-motion: reduce)");
  let drawing = false;
  function drawSoon(): void {
    if (drawing) return;
    drawing = true;
    const draw = () => {
      drawing = false;
      for (const chart of charts) chart.draw();
    };
    if (lessMotion.matches) setTimeout(() => requestAnimationFrame(draw), 500);
    else requestAnimationFrame(draw);
  }

  // ---- What the session says ------------------------------------------------

  // The batches of an epoch; 0 before there is a net.
  let batchesPerEpoch = 0;
  let place = { step: 0, epoch: 0 };
  // What the weights answer where those of the best epoch are back.
  let best: Restored | undefined;
  let starting = false;
  let digits: Digits | undefined;
  // The settings that the current net was made and trained with.
  let ran: RunSettings & { rates: number[] } = {
    settings: { ...settings },
    net: settings.net,
    rates: [],
    pictures: "",
  };

  // The rates that the current net learns with, and one that was asked for while it stood still.
  let rates: Rates = { lr: settings.lr, rates: settings.rates };
  let asked: number | undefined;
  const rateNow = () => asked ?? rateAt(rates, place.step);

  // Sets the rates that a start would learn with: where it goes on, the first rate and a change on
  // the way.
  function settleRates(): void {
    if (session.running) return;
    if (asked === undefined) Object.assign(settings, rates);
    else if (session.continues(settings))
      Object.assign(settings, changed(rates, place.step, asked));
    else Object.assign(settings, { lr: asked, rates: [] });
  }

  function keepRates(): void {
    asked = undefined;
    rates = { lr: settings.lr, rates: settings.rates };
  }

  async function changeRate(rate: number): Promise<void> {
    if (!session.running) {
      asked = rate;
      settleRates();
      return showPreviews();
    }
    const of = ran;
    const step = await session.setLearningRate(rate);
    // It was refused, or belongs to a net that is gone.
    if (step === undefined || of !== ran) return;
    Object.assign(settings, changed(settings, step, rate));
    keepRates();
    form.writeAddress();
    showPreviews();
  }

  // The current picture or the net is another one.
  function handChanged(): void {
    openStep.show(digits?.names ?? []);
    inspector.renew();
  }

  // The names of the classes have changed.
  function showNames(): void {
    bars.use(digits!.names);
    evaluation.use(digits!);
    handChanged();
    void answers.ask();
  }

  function showButtons(): void {
    buttons.show(session.status, starting, session.continues(settings), place.step > 0);
  }

  function showStatus(status: Status): void {
    const running = isRunning(status);
    readouts.set("status", status);
    handChanged();
    byTest("status").dataset["status"] = status;
    showButtons();
    form.lock(running);
    editor.lock(running);
    runs.show(status);
    byId("settings-note").textContent = running
      ? "The greyed settings are fixed while a run is under way."
      : "";
    if (!running) readouts.set("time-left", "–");
    if (status === "failed") readouts.loadingFailed();
  }

  // Shows how far the run has come.
  function showPlace(epochs: number): void {
    for (const chart of charts) chart.setEpochs(epochs);
    drawSoon();
    if (batchesPerEpoch === 0) return;
    schedule.place(place.step > 0 ? place.step / (epochs * batchesPerEpoch) : undefined);
    readouts.set("epoch", `${place.epoch} / ${epochs}`);
    readouts.steps(place.step, epochs * batchesPerEpoch);
  }

  function showNet(info: TrainerInfo, testAccuracy: number, restored: boolean): void {
    const planned = settings.rates;
    Object.assign(settings, fromEngine(info.settings));
    if (!restored) settings.rates = planned;
    else if (info.learningRate !== settings.lr)
      Object.assign(settings, changed(settings, info.step, info.learningRate));
    keepRates();
    place = { step: info.step, epoch: info.epochs };
    best = undefined;
    form.show();
    editor.show(settings.net);
    batchesPerEpoch = info.batchesPerEpoch;
    footer("variant").textContent = format.engine(info.variant, info.threads);
    footer("engine-note").textContent = info.note ?? "";
    readouts.set("train-loss", "–");
    readouts.set("test-accuracy", format.percent(testAccuracy));
    readouts.setRate(NaN);
    table.reset();
    for (const chart of charts) chart.reset();
    showPlace(settings.epochs);
    showPreviews();
    unseen = true;
    look();
    answers.renew();
    const { trainSamples, validationSamples, testSamples } = info;
    evaluation.reset({ train: trainSamples, validation: validationSamples, test: testSamples });
    handChanged();
    ran = {
      settings: { ...settings },
      net: recipes.find(({ name }) => name === settings.net)?.text ?? settings.net,
      rates: taken(rates, info.step),
      pictures: `${trainSamples} of ${info.sampleShape} in ${info.outputs} classes`,
    };
    compare.show();
    doctor.reset(info);
  }

  // The run's curves and table as plain data, to be kept.
  const curves = (): ShownCurves => ({
    charts: charts.map((chart) => chart.points()),
    epochs: table.rows,
    rates,
    restored: best,
  });

  function showCurves(shown: ShownCurves): void {
    const { charts: points, epochs, rates } = shown;
    best = shown.restored;
    if (rates) {
      Object.assign(settings, rates);
      keepRates();
      ran.rates = taken(rates, place.step);
      form.show();
    }
    charts.forEach((chart, i) => chart.setPoints(points[i]!));
    doctor.goesOn(shown);
    for (const done of epochs) table.add(done);
    showStanding();
    drawSoon();
  }

  const weightsOf = ({ epoch, testAccuracy }: Restored) =>
    `Its weights are those of epoch ${epoch} again, with a test accuracy of ${format.percent(testAccuracy)}.`;

  // Shows what the run has come to so far.
  function showStanding(): void {
    const now = standing({ epochs: table.rows, restored: best });
    if (now) evaluation.epoch(now);
    compare.show();
  }

  // Shows what the settings mean before they are run.
  function showPreviews(): void {
    const changes = settings.rates.map(
      ([step, rate]) => `, ${rate} after step ${format.grouped(step)}`,
    );
    byId("lr-changes").textContent =
      changes.length > 0 ? `It begins with ${settings.lr}${changes.join("")}.` : "";
    void session.learningRates(settings, 120).then(
      (found) => {
        const steps = (settings.epochs * batchesPerEpoch) / Math.max(1, found.length - 1);
        schedule.show(
          Array.from(found, (rate, i) => (rate * rateAt(settings, i * steps)) / settings.lr),
        );
        showPlace(settings.epochs);
      },
      // The start says what is wrong with the settings.
      () => schedule.show([]),
    );
    const indices = Array.from({ length: samples.count }, (_, i) => i);
    const size = digits ?? mnistSize;
    void session.samples(settings, indices).then(
      ([stored, augmented]) => stored && augmented && samples.show(stored, augmented, size),
      () => {},
    );
  }

  // Draws the first layer a few times a second, while it is in sight.
  let looking = false;
  let lookAgain = false;
  // Whether there is another net, whose first layer may have no pictures.
  let unseen = true;
  function look(): void {
    if (document.hidden || batchesPerEpoch === 0 || !(filters.visible || unseen)) return;
    if (looking) {
      lookAgain = true;
      return;
    }
    looking = true;
    unseen = false;
    void session.firstWeights().then((weights) => {
      if (weights) filters.show(weights.values, weights.shape);
      setTimeout(
        () => {
          looking = false;
          if (lookAgain) look();
          lookAgain = false;
        },
        lessMotion.matches ? 2000 : 250,
      );
    });
  }

  function showProgress(progress: Progress): void {
    const { epochs, steps, losses, accuracies, epochsDone = [] } = progress;
    if (steps.length > 0) best = undefined;
    steps.forEach((each, i) => {
      lossChart.add(each, each / batchesPerEpoch, losses[i]!);
      accuracyChart.add(each, each / batchesPerEpoch, accuracies[i]!);
    });
    readouts.set("train-loss", format.loss(progress.trainLoss));
    readouts.setRate(progress.samplesPerSecond);
    readouts.set("time-left", format.duration(progress.secondsLeft));
    for (const done of epochsDone) {
      lossChart.addEpoch("validation", done.epoch, done.validationLoss);
      lossChart.addEpoch("test", done.epoch, done.testLoss);
      accuracyChart.addEpoch("validation", done.epoch, done.validationAccuracy);
      accuracyChart.addEpoch("test", done.epoch, done.testAccuracy);
      table.add(done);
      evaluation.epoch(done);
      const accuracy = format.percent(done.testAccuracy);
      readouts.set("test-accuracy", accuracy);
      shell.say(`Epoch ${done.epoch} of ${epochs} is done. Test accuracy ${accuracy}.`);
    }
    // What was measured before the first step no longer holds.
    if (place.step === 0 && epochsDone.length === 0) readouts.set("test-accuracy", "–");
    const first = place.step === 0;
    const before = rateNow();
    if (asked !== undefined) keepRates();
    place = progress;
    if (rateNow() !== before) form.showRate();
    doctor.watch(progress);
    showPlace(epochs);
    Object.assign(ran.settings, { epochs, lr: rates.lr });
    ran.rates = taken(rates, place.step);
    if (first || epochsDone.length > 0) compare.show();
    answers.renew();
    inspector.renew();
    look();
    if (epochsDone.length > 0) void runs.keep();
    // This is for single steps; while it trains, the ends of epochs are often enough.
    if (session.status === "training") return;
    showButtons();
    evaluation.changed();
  }

  const session = new Session({
    onStatus(status) {
      showStatus(status);
      const weights = status === "finished" && best ? ` ${weightsOf(best)}` : "";
      if (status !== "training") shell.say(`Status: ${status}.${weights}`);
      if (status !== "training" && place.step > 0) evaluation.changed();
      if (status === "paused" || status === "finished") look();
      if (status === "paused") void runs.keep();
    },
    onBytes: (received, total) => readouts.loading(received, total),
    onDigits(found, learned) {
      if (found === digits) return;
      digits = found;
      speakOf(lab, found, learned);
      grid.show(found);
      pad.use(found, found.noun === "digit");
      filters.size = found;
      doctor.use(found);
      editor.use([1, found.height, found.width], found.noun);
      showNames();
    },
    onRecipes(found) {
      recipes = found;
      for (const complaint of complaints.splice(0)) {
        problems.show(
          {
            title: "The address has a setting that does not work",
            message: sentence(complaint, recipeFor(settings.net, recipes)),
          },
          "notice",
        );
      }
      editor.offer(found);
      editor.show(settings.net);
    },
    onNet: showNet,
    onUnfit(error, net) {
      problems.show(
        {
          ...describe(error),
          title: "The settings do not fit these pictures",
          hint: `The net ${net} with its usual settings is here instead.`,
        },
        "notice",
      );
    },
    onProgress: showProgress,
    onRestored(found, epochs, early) {
      best = found;
      const { epoch, testAccuracy } = found;
      readouts.set("test-accuracy", format.percent(testAccuracy));
      showStanding();
      const again = weightsOf(found);
      void runs.keep();
      // The settings are what they were.
      if (epoch === epochs) return;
      const pictures = `validation ${digits!.noun}s`;
      problems.show(
        {
          title: early ? "Stopped early" : `The weights of epoch ${epoch} are back`,
          message: early
            ? `The ${pictures} have been read no better since, so learning stopped early, after epoch ${epochs}. ${again}`
            : `The ${pictures} were read best after epoch ${epoch}. ${again}`,
        },
        "notice",
      );
      answers.renew();
      inspector.renew();
      look();
    },
    onProblem(error) {
      if (error instanceof LanegradError && error.code === "Diverged") {
        return void doctor.failed(error);
      }
      const problem = describe(error);
      if (session.status === "failed") problem.action = { label: "Start again", run: start };
      problems.show(problem);
    },
  });

  // ---- What the visitor does ------------------------------------------------

  const form = new Form({
    address,
    form: byId<HTMLFormElement>("settings"),
    slider: byId<HTMLInputElement>("lr-slider"),
    fixed: byId<HTMLFieldSetElement>("fixed"),
    settings,
    base: () => recipeFor(settings.net, recipes),
    rate: rateNow,
    onRate: (rate) => void changeRate(rate),
    onChange(key) {
      settleRates();
      showStatus(session.status);
      if (key === "epochs") showPlace(settings.epochs);
      showPreviews();
    },
    onComplaint: (message) => problems.show({ title: "This setting cannot be read", message }),
  });

  const editor = new NetEditor({
    select: byId<HTMLSelectElement>("net-name"),
    text: byId<HTMLTextAreaElement>("net-text"),
    about: byId("net-about"),
    complaint: byId("net-complaint"),
    layers,
    describe: (net) => session.describe(net),
    // A net of the catalog comes with the settings that suit it.
    onChange(net, chosen) {
      if (chosen) Object.assign(settings, recipeFor(net, recipes), { seed: settings.seed });
      settings.net = net;
      if (chosen) asked = settings.lr;
      settleRates();
      form.show();
      showStatus(session.status);
      showPlace(settings.epochs);
      showPreviews();
    },
  });
  editor.use([1, mnistSize.height, mnistSize.width], "digit");
  editor.show(settings.net);

  const store = new RunStore((message) =>
    problems.show({ title: "A kept run is dropped", message }, "notice"),
  );
  const runs = new Runs({
    session,
    store,
    problems,
    save: byTest<HTMLButtonElement>("save"),
    open: byTest<HTMLButtonElement>("open"),
    file: byId<HTMLInputElement>("file"),
    title: () => {
      const net = recipes.some(({ name }) => name === settings.net) ? settings.net : "your own net";
      const accuracy = byTest("test-accuracy").textContent;
      const tested = accuracy === "–" ? "not tested yet" : `test accuracy ${accuracy}`;
      const learned = digits?.noun === "picture" ? " on your own pictures" : "";
      const weights = best ? `, with the weights of epoch ${best.epoch}` : "";
      return `The network ${net}${learned}, ${place.epoch} of ${settings.epochs} epochs, ${tested}${weights}`;
    },
    curves,
    showCurves,
  });

  // Runs a command. Old complaints are cleared first; settings that cannot be read hold it back.
  function attempt(command: () => Promise<void>): void {
    problems.clear();
    if (!form.read()) return;
    settleRates();
    void command();
  }

  // The settings that are the visitor's own. Before the engine has loaded its recipes, those of the
  // address; for a net that is a text, which has no recipe, all of them.
  const given = (): readonly Key[] =>
    recipes.length > 0 || settings.net.includes(" ") ? keys : (["net", ...named] as const);

  function start(): void {
    attempt(async () => {
      starting = true;
      showStatus(session.status);
      await session.start({ ...settings }, given());
      starting = false;
      showStatus(session.status);
    });
  }

  const buttons = new RunButtons(lab, {
    start,
    pause: () => void session.pauseOrResume(),
    step: () => attempt(() => session.step({ ...settings })),
    stop: () => void session.stop(),
    reset: () => attempt(() => session.reset({ ...settings })),
  });

  const doctor = new Doctor({
    session,
    problems,
    settings,
    rate: rateNow,
    recipe: () =>
      recipes.some(({ name }) => name === settings.net)
        ? recipeFor(settings.net, recipes)
        : undefined,
    curves,
    showCurves,
    mark(step) {
      for (const chart of charts)
        chart.mark(step === undefined ? step : { at: step / batchesPerEpoch, step });
      drawSoon();
    },
    goOn(rate) {
      asked = rate;
      settleRates();
      form.show();
      showPreviews();
      start();
    },
    startAnew() {
      form.show();
      showPreviews();
      start();
    },
  });
  const bars = new Bars({
    list: byId("bars"),
    answer: byTest("prediction"),
    confidence: byId("confidence"),
  });
  const grid = new Grid({
    list: byId("grid"),
    score: byTest("score"),
    onChoose: (index) => pad.show(digits!.image(index)),
  });
  let heard = "";
  const hand = new Hand(grid);
  const inspector = new Inspector({
    details: byId<HTMLDetailsElement>("inspector"),
    session,
    hand,
    pictures: () => digits,
    calm: lessMotion,
  });
  const openStep = new OpenStep({
    button: byTest<HTMLButtonElement>("open-step"),
    select: byId<HTMLSelectElement>("open-step-label"),
    about: byId("open-step-hand"),
    session,
    hand,
    open(trace) {
      const { names, noun } = digits!;
      const { lr, labelSmoothing, clipNorm } = ran.settings;
      const step: OpenedStep = {
        trace,
        names,
        sample: (hand.get()?.called ?? `a ${noun}`).replace("\u00a0", " "),
        recipe: { lr, labelSmoothing, clipNorm },
        run: address.read(),
      };
      void shell.go("autograd", step);
    },
    onProblem: (error) => problems.show(describe(error)),
  });
  const answers = new Answers({
    session,
    grid,
    bars,
    seen: byTest<HTMLCanvasElement>("seen"),
    onPadAnswer(text) {
      // While the net learns, the answers may change several times a second, so only drawings are
      // announced.
      if (session.status === "training" || text === heard) return;
      heard = text;
      shell.say(`It reads ${text}`);
    },
  });
  const pad = new Pad({
    canvas: byTest<HTMLCanvasElement>("draw-pad"),
    pen: byId("pen"),
    onChange(seen, size) {
      hand.lay(seen);
      answers.setPad(seen, size);
      handChanged();
    },
    say: (sentence) => (byId("pad-announcements").textContent = sentence),
  });
  const evaluation = new Evaluation({
    place: byId("evaluation"),
    predict: (inputs, count) => session.predict(inputs, count),
    measure: (pile) => session.measure(pile),
    hardship: () => ({ ...ran.settings, net: ran.net }),
    onHoldBack() {
      const field = byId("validation");
      field.closest("details")!.open = true;
      field.scrollIntoView({ block: "center" });
      field.focus({ preventScroll: true });
    },
    step: () => place.step,
    training: () => session.status === "training",
    onChoose(index) {
      pad.show(digits!.image(index));
      byTest("draw-pad").scrollIntoView({ block: "center" });
    },
    onProblem: (problem) => problems.show(problem),
  });
  const compare = new Compare({
    place: byId("compare"),
    charts,
    store,
    onProblem: (problem) => problems.show(problem),
    run: () => (place.step > 0 ? { ...ran, epochs: table.rows, restored: best } : undefined),
    say: shell.say,
  });
  new SaveButtons({
    place: lab,
    loss: lossChart,
    accuracy: accuracyChart,
    epochs: () => table.rows,
    title: async () => (await loadWords()).summary(ran.settings),
    onProblem: (problem) => problems.show(problem),
  });
  byId("clear").addEventListener("click", () => pad.clear());
  byId("pick").addEventListener("click", () => {
    if (digits) pad.show(digits.image(Math.floor(Math.random() * digits.count)));
  });
  byId("others").addEventListener("click", () => {
    if (!digits) return;
    grid.show(digits);
    handChanged();
    void answers.ask();
  });

  new OwnData({
    place: byId("own"),
    use: (set) => session.use(set, { ...settings }),
    onNames() {
      showNames();
      void session.name(digits!.names);
    },
    say: (sentence) => shell.say(sentence),
  });

  // ---- Go -------------------------------------------------------------------

  showStatus("loading");
  showPlace(settings.epochs);
  bars.use(Array.from({ length: 10 }, (_, i) => String(i)));
  if (wantsAutostart(address.read())) start();
  else void session.open({ ...settings }, given()).then(() => runs.offer());

  return {
    shown() {
      for (const chart of charts) chart.draw();
      look();
    },
    hidden() {},
  };
};
