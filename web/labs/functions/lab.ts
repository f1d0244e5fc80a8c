// The second lab, Functions: puts its parts in their places and tells them what the session says.
import { LanegradError } from "lanegrad";
import "./functions.css";
import markup from "./functions.html?raw";
import type { OpenLab } from "../lab";
import { describe, Problems } from "../../widgets/problems";
import { RunButtons, type Status } from "../../widgets/run_buttons";
import { CurveView, partsOf } from "./curve_view";
import type { Look, Made, Wanted } from "./experiment";
import { Form } from "./form";
import { readFormula } from "./formula";
import { LossView } from "./loss_view";
import { write } from "./plane";
import { fromText, readPoints, toText } from "./points";
import { csv, savePicture, saveText } from "./save";
import { Session, type Plan } from "./session";
import { defaultsOf, fromAddress, isClasses, toAddress, type Key, type Settings } from "./settings";
import type { ClassSet } from "./data";

const presets = [
  ["dense 1, tanh", "one tanh unit"],
  ["dense 8, tanh", "8 tanh units"],
  ["dense 8, relu", "8 relu units"],
  ["dense 16, tanh", "16 tanh units"],
  ["dense 64, tanh", "64 tanh units"],
  ["dense 16, tanh, dense 16, tanh", "two layers of 16"],
  ["dense 32, relu, dense 32, relu, dense 32, relu", "three layers of 32"],
] as const;

export const open: OpenLab = (place, shell) => {
  place.innerHTML = markup; // our own, as it was built
  const find = <T extends HTMLElement>(selector: string) => place.querySelector<T>(selector)!;
  const byTest = (name: string) => find(`[data-testid="${name}"]`);
  const put = (name: string, text: string) => {
    const element = byTest(`fn-${name}`);
    if (element.textContent !== text) element.textContent = text;
  };

  const { settings, complaints } = fromAddress(shell.address.read());
  let made: Made | undefined;
  let look: Look | undefined;
  let error: unknown; // why the settings cannot be made

  // ---- The view ----

  const problems = new Problems(find(".fn-problems"));
  for (const message of complaints) {
    problems.show({ title: "This address was not wholly understood", message }, "notice");
  }
  const curve = new CurveView({
    curve: find('[data-plot="curve"]'),
    units: find('[data-plot="units"]'),
    buttons: find('[data-units="curve"]'),
    sentence: find('[data-sentence="curve"]'),
  });
  const losses = new LossView(find('[data-plot="loss"]'));
  const preset = find<HTMLSelectElement>("#fn-preset");
  const points = find<HTMLTextAreaElement>("#fn-points");
  for (const [net, name] of presets) preset.append(new Option(name, net));
  preset.append(new Option("one of your own", ""));

  // Shows what the current task has, and hides what it has not.
  function arrange(): void {
    const { task } = settings;
    const dimension = made?.dimension ?? (task === "curve" || task === "points" ? 1 : 2);
    const has: Record<string, boolean> = {
      formula: task === "curve" || task === "surface",
      points: task === "points",
      made: task !== "points",
      held: task !== "points",
      truth: task === "curve" || task === "surface",
      classes: isClasses(task),
      numbers: !isClasses(task),
      curve: dimension === 1,
    };
    for (const part of place.querySelectorAll<HTMLElement>("[data-of]")) {
      part.hidden = !has[part.dataset["of"]!];
    }
    find(".fn-readouts").classList.toggle("of-classes", isClasses(task));
    find(".fn-name").textContent = task === "surface" ? "f(x, y)" : "f(x)";
    find(".fn-formula").textContent = `f(x) = ${settings.f}`;
  }

  function show(): void {
    if (!made || !look || place.hidden) return;
    const { step, train, held, rate } = look;
    put("step", step.toLocaleString("en-US"));
    put("train-loss", write(train.loss));
    put("held-loss", held ? write(held.loss) : "–");
    form.showRate(rate);
    losses.show(look);
    if (made.dimension === 1) curve.show(places(0), made, look);
  }

  // Where the grid has its places along an axis, as the worker has them.
  function places(axis: number): number[] {
    const [low, high] = made!.box[axis]!;
    const { grid } = made!;
    return Array.from({ length: grid }, (_, i) => low + ((high - low) * i) / (grid - 1));
  }

  function showStatus(status: Status): void {
    put("status", status);
    byTest("fn-status").dataset["status"] = status;
    const running = status === "training" || status === "paused";
    const plan = planOrNone();
    buttons.show(
      status,
      false,
      status === "finished" || session.continues(plan?.wanted, settings.steps),
    );
    find<HTMLFieldSetElement>(".fn-fixed").disabled = running;
    find(".fn-note").textContent = running
      ? "The greyed settings are fixed while a run is under way."
      : "";
    if (status === "finished" && look) {
      shell.say(`${look.step} steps are done. Training loss ${write(look.train.loss)}.`);
    }
  }

  // ---- What the settings ask for ----

  function wanted(): Wanted {
    const { task, f, low, high, samples, noise, optimizer, lr, rates, batch, seed } = settings;
    const names = task === "surface" ? ["x", "y"] : ["x"];
    const hidden = settings.net.replace(/,?\s*dense classes\s*$/, "").trim();
    return {
      source: isClasses(task)
        ? { kind: "classes", set: task as ClassSet, samples, noise }
        : task === "points"
          ? { kind: "points", rows: fromText(settings.points) }
          : { kind: "function", formula: readFormula(f, names), names, low, high, samples, noise },
      net: hidden === "" ? "dense classes" : `${hidden}, dense classes`,
      optimizer,
      lr,
      rates,
      batch,
      seed,
    };
  }
  const plan = (): Plan => ({ wanted: wanted(), steps: settings.steps, pace: settings.pace });
  function planOrNone(): Plan | undefined {
    try {
      return plan();
    } catch {
      return undefined;
    }
  }

  // Makes the net anew, as the settings are now; what is wrong with them stands under the field it is about.
  async function make(): Promise<void> {
    try {
      await session.reset(wanted);
      error = undefined;
      for (const key of ["f", "net", "low", "points", "batch"] as const) form.complain(key, "");
    } catch (thrown) {
      error = thrown;
      const sentence = thrown instanceof Error ? thrown.message : String(thrown);
      const key = fieldOf(sentence, settings);
      if (key) form.complain(key, sentence);
      else problems.show(describe(thrown));
    }
    await describeNet();
  }

  // How many weights it has, or the engine's sentence on a word that it does not know.
  async function describeNet(): Promise<void> {
    const about = byTest("fn-net-about");
    const { task } = settings;
    const outputs = isClasses(task) ? (task === "spiral" ? 3 : 2) : 1;
    const inputs = made?.dimension ?? 1;
    try {
      const { net } = wanted();
      const { parameters, layers } = await session.remote.describe(net, inputs, outputs);
      const shapes = layers.filter(({ kind }) => kind === "Dense").map(({ shape }) => shape.join());
      about.textContent = `${[inputs, ...shapes].join(" → ")} numbers, ${parameters.toLocaleString("en-US")} weights.`;
    } catch {
      about.textContent = "";
    }
  }

  function writeAddress(): void {
    shell.address.write(toAddress(settings));
    const changes = settings.rates.map(([step, rate]) => `${rate} from step ${step} on`);
    byTest("fn-rates").textContent = changes.length > 0 ? `Then ${changes.join(", ")}.` : "";
  }

  // ---- The controls ----

  const session = new Session({
    onStatus: showStatus,
    onMade(now) {
      made = now;
      arrange();
    },
    onLook(now) {
      look = now;
      show();
    },
    onProblem(thrown) {
      const problem = describe(thrown);
      if (thrown instanceof LanegradError && thrown.code === "Diverged") {
        const rate = Number((settings.lr / 10).toPrecision(2));
        problem.action = {
          label: `Start again with ${rate}`,
          run() {
            settings.lr = rate;
            settings.rates = [];
            form.show();
            writeAddress();
            start();
          },
        };
      }
      problems.show(problem);
    },
  });

  const report = (thrown: unknown) => problems.show(describe(thrown));
  // A plan, if the settings are one; else the sentence that says why not.
  function withPlan(run: (plan: Plan) => Promise<void>): void {
    problems.clear();
    try {
      if (form.complaint) throw new Error(form.complaint);
      run(plan()).catch(report);
    } catch (thrown) {
      report(error ?? thrown);
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

  const form = new Form(find<HTMLFormElement>(".settings"), settings, (key, before) => {
    if (key === "task") {
      Object.assign(settings, defaultsOf(settings.task));
      showAll();
    }
    if (key === "net") showPreset();
    if (key === "lr") changeRate(before as number);
    writeAddress();
    arrange();
    if (key === "pace" || key === "steps") {
      session.setGoal(settings.steps, settings.pace).catch(report);
    } else if (key !== "lr") void make();
    if (key === "steps") showStatus(session.status);
  });

  // While it learns, a change belongs to the run, and the link repeats it; before, it is the run's own rate.
  function changeRate(before: number): void {
    const { lr } = settings;
    if (!session.running && session.status !== "finished") {
      settings.rates = [];
      if (made) void session.setRate(lr).catch(report);
      return;
    }
    settings.lr = before;
    session
      .setRate(lr)
      .then((step) => {
        if (step === 0) [settings.lr, settings.rates] = [lr, []];
        else settings.rates = [...settings.rates.filter(([at]) => at < step), [step, lr]];
        writeAddress();
      })
      .catch(report);
  }

  preset.addEventListener("change", () => {
    if (preset.value === "") return form.input("net")!.focus();
    settings.net = preset.value;
    form.show();
    writeAddress();
    void make();
  });
  function showAll(): void {
    points.value = settings.points.replaceAll(";", "\n");
    form.show();
    showPreset();
  }
  function showPreset(): void {
    preset.value = presets.some(([net]) => net === settings.net) ? settings.net : "";
  }

  function takePoints(): void {
    try {
      settings.points = toText(readPoints(points.value));
      form.complain("points", "");
    } catch (thrown) {
      form.complain("points", (thrown as Error).message);
      return;
    }
    writeAddress();
    void make();
  }
  points.addEventListener("change", takePoints);

  const file = find<HTMLInputElement>('input[type="file"]');
  async function readFile(given: File | undefined): Promise<void> {
    if (!given) return;
    points.value = (await given.text()).trim();
    takePoints();
  }
  find(".fn-file").addEventListener("click", () => file.click());
  file.addEventListener("change", () => {
    void readFile(file.files?.[0]).finally(() => (file.value = ""));
  });
  points.addEventListener("dragover", (event) => event.preventDefault());
  points.addEventListener("drop", (event) => {
    const given = event.dataTransfer?.files[0];
    if (!given) return; // a text, which the field takes
    event.preventDefault();
    void readFile(given);
  });

  const saves: Record<string, () => void> = {
    "curve-png": () => savePicture("curve.png", curve.canvas),
    "loss-png": () => savePicture("loss.png", losses.canvas),
    "loss-csv": () =>
      look &&
      saveText(
        "losses.csv",
        csv(
          ["step", "batch_loss", "running_mean"],
          [look.curve.x, look.curve.y, look.curve.smooth],
        ),
      ),
    "curve-csv"() {
      if (!made || !look) return;
      const parts = partsOf(look.view, made);
      const bias = places(0).map(() => look!.view.bias[0]!);
      const f = made.truth ? ([["f"], [made.truth]] as const) : ([[], []] as const);
      const names = ["x", ...f[0], "answer", "bias", ...parts.map((_, i) => `unit${i + 1}`)];
      saveText("curve.csv", csv(names, [places(0), ...f[1], look.view.answer, bias, ...parts]));
    },
    "weights-csv"() {
      if (!made) return;
      session.remote.weights().then((tensors) => {
        const lines = tensors.flatMap(({ name, shape, values }) =>
          Array.from(values, (value, i) => {
            const columns = shape.at(-1)!;
            return [
              name,
              shape.length > 1 ? Math.floor(i / columns) : "",
              i % columns,
              value,
            ].join();
          }),
        );
        saveText("weights.csv", ["tensor,row,column,value", ...lines, ""].join("\n"));
      }, report);
    },
    "samples-csv"() {
      if (!made) return;
      const { inputs, values } = made.points;
      const columns = Array.from({ length: made.dimension }, (_, d) =>
        inputs.filter((_, i) => i % made!.dimension === d),
      );
      const names = ["x", "y", "z"].slice(0, made.dimension);
      saveText(
        "points.csv",
        csv(
          [...names, made.classes ? "class" : ["y", "z"][made.dimension - 1]!],
          [...columns, values],
        ),
      );
    },
  };
  for (const button of place.querySelectorAll<HTMLElement>("[data-save]")) {
    button.addEventListener("click", saves[button.dataset["save"]!]!);
  }

  const lessMotion = matchMedia("(prefers-reduced-motion: reduce)");
  session.lessMotion = lessMotion.matches;
  lessMotion.addEventListener("change", () => (session.lessMotion = lessMotion.matches));
  document.addEventListener("visibilitychange", () => see());
  let sight = false;
  function see(): void {
    session.visible = sight && !document.hidden;
    if (session.visible) session.look().catch(report);
  }

  showAll();
  arrange();
  writeAddress();
  void make();

  return {
    shown() {
      document.title = "lanegrad: a network learns a function";
      sight = true;
      see();
    },
    hidden() {
      sight = false;
      session.visible = false;
    },
  };
};

// Which field an engine's sentence is about.
function fieldOf(sentence: string, { task }: Settings): Key | undefined {
  if (sentence.startsWith("net:")) return "net";
  if (sentence.startsWith("f:") || sentence.startsWith("math function: the value")) return "f";
  if (sentence.startsWith("math function: range")) return "low";
  if (sentence.startsWith("points:")) return task === "points" ? "points" : undefined;
  return undefined;
}
