// The parts of a run that need no browser: events, when something is asked anew, learning rates.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { runnerImport } from "vite";
import { root } from "./support.mjs";

const load = async (path) =>
  (await runnerImport(`${root}web/${path}`, { configFile: false, logLevel: "error" })).module;

test("events reach whoever listens, in the order of coming, and nobody else", async () => {
  const { Events } = await load("run/events.ts");
  const events = new Events();
  const heard = [];
  events.on("net", (net) => heard.push(`first ${net}`));
  events.onAny(["net", "status"], () => heard.push("second"));
  events.emit("net", "mlp");
  events.emit("status", "idle");
  events.emit("progress", 1);
  assert.deepEqual(heard, ["first mlp", "second", "second"]);
});

test("what changes all the time is asked about once and again after a rest, at once in a hurry", async () => {
  const { Refresher } = await load("run/refresher.ts");
  const page = { hidden: false, addEventListener: (_, listener) => (page.seen = listener) };
  globalThis.document = page;
  let see;
  globalThis.IntersectionObserver = class {
    constructor(listener) {
      see = (isIntersecting) => listener([{ isIntersecting }]);
    }
    observe() {}
  };
  mock.timers.enable({ apis: ["setTimeout"] });
  let wanted = true;
  const answers = [];
  const refresher = new Refresher({
    place: { ownerDocument: page },
    wanted: (seen) => wanted && seen,
    ask: () => new Promise((answer) => answers.push(() => answer(200))),
  });
  const answer = async () => {
    answers.at(-1)();
    for (let i = 0; i < 5; i++) await Promise.resolve();
  };

  refresher.renew();
  assert.equal(answers.length, 0, "it is out of sight");
  see(true);
  refresher.renew();
  assert.equal(answers.length, 1, "one question at a time");
  await answer();
  mock.timers.tick(199);
  assert.equal(answers.length, 1, "it rests");
  mock.timers.tick(1);
  assert.equal(answers.length, 2, "it had changed meanwhile");
  await answer();
  mock.timers.tick(1000);
  assert.equal(answers.length, 2, "nothing has changed since");
  refresher.renew();
  await answer();
  refresher.hurry();
  assert.equal(answers.length, 4, "in a hurry nothing rests");
  refresher.hurry();
  await answer();
  mock.timers.tick(0);
  assert.equal(answers.length, 5);
  await answer();
  mock.timers.tick(1000);

  wanted = false;
  refresher.renew();
  wanted = true;
  page.hidden = true;
  refresher.hurry();
  assert.equal(answers.length, 5, "nobody would see it");
  page.hidden = false;
  page.seen();
  assert.equal(answers.length, 6, "the page is in sight again");
  mock.timers.reset();
  delete globalThis.document;
  delete globalThis.IntersectionObserver;
});

test("a rate that was asked for while the net stood still is that of the next start", async () => {
  const { LearningRates } = await load("labs/digits/run/rates.ts");
  const { defaults } = await load("labs/digits/settings/digits_settings.ts");
  const settings = { ...defaults, lr: 0.1, rates: [[50, 0.05]] };
  const rates = new LearningRates(settings);
  assert.deepEqual(
    [0, 49, 50].map((step) => rates.at(step)),
    [0.1, 0.1, 0.05],
  );

  rates.ask(0.2);
  assert.equal(rates.at(60), 0.2);
  rates.settle(60, true);
  assert.deepEqual(
    [settings.lr, settings.rates],
    [
      0.1,
      [
        [50, 0.05],
        [60, 0.2],
      ],
    ],
  );
  rates.settle(60, false);
  assert.deepEqual([settings.lr, settings.rates], [0.2, []], "for a run that begins anew");
  rates.takeAsked();
  assert.deepEqual(rates.all, { lr: 0.2, rates: [] });

  rates.change(10, 0.3);
  assert.deepEqual([settings.lr, settings.rates], [0.2, [[10, 0.3]]]);
  assert.deepEqual(
    [10, 11].map((steps) => rates.taken(steps)),
    [[0.2], [0.2, 0.3]],
  );
  settings.lr = 7;
  rates.settle(20, true);
  assert.equal(settings.lr, 0.2, "the net learns with what it learned with");
});

test("what nobody asked for is the recipe’s as soon as the engine has it, whatever else is wrong", async () => {
  const { AskedSettings } = await load("labs/digits/run/asked_settings.ts");
  const { fromAddress } = await load("labs/digits/settings/digits_settings.ts");
  const recipes = [
    { name: "mlp", text: "dense 128", settings: { optimizer: { name: "adamw" }, epochs: 4 } },
  ];
  const { settings, named } = fromAddress("?net=mlp&patience=2&validation=0");
  const asked = new AskedSettings(settings, named);
  assert.equal(asked.conflict(undefined).key, "patience");
  assert.ok(["net", "patience", "validation"].every((key) => asked.given.includes(key)));
  // The visitor changes a setting while the engine is being loaded.
  settings.batch = 32;
  asked.changed("batch");
  assert.ok(asked.given.includes("batch"));
  asked.learn(recipes);
  const { optimizer, weightDecay, epochs, batch, patience, validation } = settings;
  assert.deepEqual(
    { optimizer, weightDecay, epochs, batch, patience, validation },
    { optimizer: "adamw", weightDecay: 0.01, epochs: 4, batch: 32, patience: 2, validation: 0 },
  );
  assert.ok(asked.isCataloged);
  asked.holdBack(undefined);
  assert.equal(settings.validation, 5000);
  assert.equal(asked.conflict(undefined), undefined);
});

test("of other pictures as many are held back as is usual for these, unless the visitor said otherwise", async () => {
  const { AskedSettings } = await load("labs/digits/run/asked_settings.ts");
  const { defaults } = await load("labs/digits/settings/digits_settings.ts");
  const [mnist, small, few] = [60_000, 9000, 240].map((learned) => ({ learned }));
  const held = (validation, from, to) =>
    new AskedSettings({ ...defaults, validation }, []).fitted(from, to).validation;
  assert.equal(held(5000, mnist, few), 40);
  assert.equal(held(40, few, mnist), 5000);
  assert.equal(held(5000, mnist, small), 1500);
  assert.equal(held(1500, small, mnist), 5000);
  assert.equal(held(0, mnist, few), 0);
  assert.equal(held(12, mnist, few), 12);
});
