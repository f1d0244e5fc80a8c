// The engine's table of settings is what the package, its types and docs/ say of them, one by one.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import prettier from "prettier";
import { loadModule } from "../../build/package/module/load.js";
import { load, Trainer } from "../../dist/index.js";
import { help, settings } from "../../dist/settings.js";
import { docs, readSettings } from "../../wasm/settings.mjs";
import { circle, root } from "./support.mjs";

const lg = await load();
const { raw } = await loadModule();
const net = "dense 3, relu, dense classes";

/** The value of a setting where it stands. */
const at = (run, { group, name }) => (group ? run[group]?.[name] : run[name]);
/** Settings that have this value of one setting. */
const withValue = ({ group, name }, value) =>
  group ? { [group]: { [name]: value } } : { [name]: value };

/** A value that the setting may have and that is not its usual one. */
function other(row) {
  const { kind, choices, bounds = {} } = row;
  if (kind === "text") return net;
  if (kind === "choice") return choices.find((choice) => choice !== row.default);
  if (kind === "flag") return !row.default;
  if (kind === "seed") return 2n ** 64n - 1n;
  if (kind === "whole") return row.default + 1;
  return bounds.below === 1 || bounds.to === 1 ? 0.25 : 2.5;
}

test("the package has the engine's table", async () => {
  const table = settings.map((row) => ({ ...row, help: help[row.id] }));
  const engines = await readSettings();
  assert.deepEqual(
    table,
    engines.map(({ key: _, ...row }) => row),
  );
  assert.ok(table.length >= 28);
  for (const names of [engines.map(({ key }) => key), settings.map(({ id }) => id)]) {
    assert.equal(new Set(names).size, names.length);
  }
});

test("docs/settings.md is made of the table: `node wasm/settings.mjs docs` makes it anew", async () => {
  const page = join(root, "docs/settings.md");
  const options = { ...(await prettier.resolveConfig(page)), parser: "markdown" };
  const made = await prettier.format(docs(await readSettings()), options);
  assert.equal(readFileSync(page, "utf8"), made);
});

for (const row of settings) {
  test(`${row.title} goes to the engine and back under its name, and changes no other`, () => {
    const usual = raw.recipe({});
    assert.equal(at(usual, row) ?? row.default, row.default);
    const value = other(row);
    const given = withValue(row, value);
    assert.equal(at(raw.recipe(given), row), value);
    const same = raw.recipe(given);
    for (const each of settings) {
      if (each.id !== row.id) assert.equal(at(same, each), at(usual, each), each.id);
    }
  });
}

test("every setting of every optimizer is one of its class, too", () => {
  const w = lg.tensor([1]);
  for (const optimizer of ["adam", "adamw", "sgd"]) {
    const own = settings.filter((row) => row.group === "optimizer" && row.name !== "name");
    const has = own.filter(({ of }) => !of || of.includes(optimizer));
    const usual = lg.optimizer(optimizer, { w });
    assert.deepEqual(Object.keys(usual.raw.settings()).sort(), has.map(({ name }) => name).sort());
    for (const row of own) {
      const more = row.name === "nesterov" ? { momentum: 0.5 } : {};
      const make = () => lg.optimizer(optimizer, { w }, { ...more, [row.name]: other(row) });
      if (!has.includes(row)) {
        assert.throws(make, { code: "InvalidArgument" }, `${optimizer} ${row.name}`);
        continue;
      }
      assert.equal(usual.raw.settings()[row.name], row.defaults?.[optimizer] ?? row.default);
      assert.equal(make().raw.settings()[row.name], other(row));
    }
  }
});

test("a trainer takes every setting, and says it", async () => {
  const run = { net, epochs: 1 };
  for (const row of settings) {
    if (row.imagesOnly || row.group === "optimizer" || row.id === "net") continue;
    const value = row.kind === "seed" ? 7 : other(row);
    Object.assign(
      run,
      row.group ? { [row.group]: { ...run[row.group], [row.name]: value } } : { [row.name]: value },
    );
  }
  const trainer = await Trainer.create({ ...run, data: { train: circle(64) } });
  for (const row of settings) {
    const given = at(run, row);
    if (given !== undefined) assert.equal(at(trainer.info.settings, row), given, row.id);
  }
  trainer.dispose();
});
