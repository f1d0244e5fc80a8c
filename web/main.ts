// The page: puts the widgets in their places and tells them what the session says.
import type { Progress } from "lanegrad";
import { Answers } from "./answers";
import type { Digits } from "./digits";
import * as format from "./format";
import { Chart } from "./plots/chart";
import { accuracyScale, lossScale } from "./plots/scales";
import { Session, type NetFacts, type Status } from "./session";
import { fromAddress, wantsAutostart, type Key } from "./state";
import { Announcer } from "./widgets/announcer";
import { Bars } from "./widgets/bars";
import { EpochTable } from "./widgets/epoch_table";
import { Form } from "./widgets/form";
import { Grid } from "./widgets/grid";
import { Pad } from "./widgets/pad";
import { describe, Problems } from "./widgets/problems";
import { Readouts } from "./widgets/readouts";
import { RunButtons } from "./widgets/run_buttons";

const byId = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const byTest = <T extends HTMLElement>(id: string) =>
  document.querySelector(`[data-testid="${id}"]`) as T;

const { settings, complaints } = fromAddress(location.search);

// ---- The view ----

const problems = new Problems(byId("problems"));
const announcer = new Announcer(byId("announcements"));
const readouts = new Readouts({
  place: document,
  way: byId<HTMLProgressElement>("way"),
  wayText: byId("way-text"),
});
const table = new EpochTable(byId("epoch-rows"));
const lossChart = new Chart(byId("loss-figure"), lossScale);
const accuracyChart = new Chart(byId("accuracy-figure"), accuracyScale);
const charts = [lossChart, accuracyChart];

// Draws at the display's rate at most, and twice a second where less motion is asked for.
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

// ---- What the session says ----

let batchesPerEpoch = 0; // 0 before there is a net
let place = { step: 0, epoch: 0 };
let starting = false;
let digits: Digits | undefined;

function showStatus(status: Status): void {
  const running = status === "training" || status === "paused";
  readouts.set("status", status);
  byTest("status").dataset["status"] = status;
  buttons.show(status, starting, session.continues(settings));
  form.lock(running);
  byId("settings-note").textContent = running
    ? "The greyed settings are fixed while a run is under way."
    : "";
  if (!running) readouts.set("time-left", "–");
  if (status === "failed") readouts.loadingFailed();
}

// How far the run has come, of how much.
function showPlace(epochs: number): void {
  for (const chart of charts) chart.setEpochs(epochs);
  drawSoon();
  if (batchesPerEpoch === 0) return;
  readouts.set("epoch", `${place.epoch} / ${epochs}`);
  readouts.steps(place.step, epochs * batchesPerEpoch);
}

function showFreshNet(facts: NetFacts): void {
  batchesPerEpoch = facts.batchesPerEpoch;
  readouts.set("variant", format.engine(facts.engine.variant, facts.engine.threads));
  readouts.set("engine-note", facts.engine.note ?? "");
  readouts.set("train-loss", "–");
  readouts.set("test-accuracy", format.percent(facts.testAccuracy));
  readouts.setRate(NaN);
  table.reset();
  for (const chart of charts) chart.reset();
  place = { step: 0, epoch: 0 };
  showPlace(settings.epochs);
  answers.renew();
}

function showProgress(progress: Progress): void {
  const { epochs, steps, losses, accuracies, epochsDone = [] } = progress;
  steps.forEach((each, i) => {
    lossChart.add(each, each / batchesPerEpoch, losses[i]!);
    accuracyChart.add(each, each / batchesPerEpoch, accuracies[i]!);
  });
  readouts.set("train-loss", format.loss(progress.trainLoss));
  readouts.setRate(progress.samplesPerSecond);
  readouts.set("time-left", format.duration(progress.secondsLeft));
  for (const done of epochsDone) {
    lossChart.addTest(done.epoch, done.testLoss);
    accuracyChart.addTest(done.epoch, done.testAccuracy);
    table.add(done);
    const accuracy = format.percent(done.testAccuracy);
    readouts.set("test-accuracy", accuracy);
    announcer.say(`Epoch ${done.epoch} of ${epochs} is done. Test accuracy ${accuracy}.`);
  }
  place = progress;
  showPlace(epochs);
  answers.renew();
}

const session = new Session({
  onStatus(status) {
    showStatus(status);
    if (status !== "training") announcer.say(`Status: ${status}.`);
  },
  onBytes: (received, total) => readouts.loading(received, total),
  onDigits(found) {
    digits = found;
    grid.show(found);
  },
  onFreshNet: showFreshNet,
  onProgress: showProgress,
  onProblem(error) {
    const problem = describe(error);
    if (session.status === "failed") problem.action = { label: "Start again", run: start };
    problems.show(problem);
  },
});

// ---- What the visitor does ----

const form = new Form({
  form: byId<HTMLFormElement>("settings"),
  slider: byId<HTMLInputElement>("lr-slider"),
  fixed: byId<HTMLFieldSetElement>("fixed"),
  settings,
  onChange(key: Key) {
    if (key === "lr") void session.setLearningRate(settings.lr);
    else showStatus(session.status);
    if (key === "epochs") showPlace(settings.epochs);
  },
  onComplaint: (message) => problems.show({ title: "This setting cannot be read", message }),
});

// Each attempt clears the table of old complaints; unreadable settings hold it back.
function attempt(command: () => Promise<void>): void {
  problems.clear();
  if (form.read()) void command();
}

function start(): void {
  attempt(async () => {
    starting = true;
    showStatus(session.status);
    await session.start({ ...settings });
    starting = false;
    showStatus(session.status);
  });
}

const buttons = new RunButtons(document, {
  start,
  pause: () => void session.pauseOrResume(),
  step: () => attempt(() => session.step({ ...settings })),
  stop: () => void session.stop(),
  reset: () => attempt(() => session.reset({ ...settings })),
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
const answers = new Answers({
  session,
  grid,
  bars,
  seen: byTest<HTMLCanvasElement>("seen"),
  onPadAnswer(text) {
    // While it learns the answers may change several times a second; only drawing is talked about.
    if (session.status === "training" || text === heard) return;
    heard = text;
    announcer.say(`It reads ${text}`);
  },
});
const pad = new Pad({
  canvas: byTest<HTMLCanvasElement>("draw-pad"),
  pen: byId("pen"),
  onChange: (seen) => answers.setPad(seen),
  say: (sentence) => (byId("pad-announcements").textContent = sentence),
});
byId("clear").addEventListener("click", () => pad.clear());
byId("pick").addEventListener("click", () => {
  if (digits) pad.show(digits.image(Math.floor(Math.random() * digits.count)));
});
byId("others").addEventListener("click", () => {
  if (!digits) return;
  grid.show(digits);
  void answers.ask();
});

// ---- Go ----

for (const complaint of complaints) {
  problems.show(
    { title: "The address has a setting that does not work", message: complaint },
    "notice",
  );
}
showStatus("loading");
showPlace(settings.epochs);
bars.show(undefined);
if (wantsAutostart(location.search)) start();
else void session.open({ ...settings });
