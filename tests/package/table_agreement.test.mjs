// The terminal and the package make the same numbers of a table, and learn the same from them.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { readTable } from "../../dist/data.js";
import { root } from "./support.mjs";
import { create } from "./training.mjs";

const native = (...options) =>
  execFileSync(`${root}build/release/train`, options, { encoding: "utf8", cwd: root })
    .trim()
    .split("\n");

for (const [name, target, split] of [
  ["penguins", "species", "random"],
  ["cars", "mpg", "order"],
  ["concrete", "strength", "random"],
]) {
  test(`the first losses on ${name}.csv agree, and what the held rows come to`, async () => {
    const path = `${root}web/data/tables/${name}.csv`;
    const options = ["--data", path, "--target", target, "--split", split, "--seed", "3"];
    const table = await readTable(new Uint8Array(readFileSync(path)));
    const prepared = await table.prepare({ target, split, seed: 3 });
    const trainer = await create({
      data: prepared.data(),
      net: "dense 64, relu, dense 64, relu, dense classes",
      optimizer: { name: "adamw", learningRate: 0.005 },
      schedule: { name: "one-cycle" },
      batchSize: 32,
      epochs: 60,
      seed: 3,
    });
    const losses = [];
    while (losses.length < 10) losses.push((await trainer.step()).loss);
    const [expected] = native(...options, "--losses", "10").map((line) => JSON.parse(line));
    assert.equal(expected.length, 10);
    for (const [i, loss] of losses.entries())
      assert.ok(Math.abs(loss - expected[i]) <= 1e-4 * expected[i], `${loss}, ${expected[i]}`);
    const report = JSON.parse(native(...options, "--json", "--epochs", "1").at(-1));
    assert.equal(report.heldRows, prepared.held.count);
    // What a guess comes to shows the rows and their targets, and what was learned nothing.
    const { train, held } = prepared;
    if (prepared.task === "classes") {
      const counts = prepared.classNames.map(
        (_, label) => train.labels.filter((l) => l === label).length,
      );
      const commonest = counts.indexOf(Math.max(...counts));
      const share = held.labels.filter((label) => label === commonest).length / held.count;
      assert.ok(Math.abs(report.guess.accuracy - share) < 1e-8);
    } else {
      const right = prepared.inUnits(held.targets);
      const off = right.reduce((sum, value) => sum + Math.abs(value - prepared.target.mean), 0);
      assert.ok(Math.abs(report.guess.meanAbsoluteError * held.count - off) < 1e-4 * off);
    }
    table.dispose();
  });
}
