// The terminal and the package make the same numbers of a table, and learn the same from them.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
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

test("the terminal reads a packed table, and is told of its first row, as the package is", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lanegrad-packed-"));
  try {
    const text = readFileSync(`${root}web/data/tables/concrete.csv`);
    // Without the names of its columns, which are then those of a row where that is asked for.
    const rows = text.toString().trim().split("\n").slice(1);
    const packed = join(folder, "rows.csv.gz");
    writeFileSync(packed, gzipSync(rows.join("\n")));
    const options = ["--target", "column 9", "--seed", "3", "--losses", "3"];
    const losses = (...more) => JSON.parse(native(...options, ...more)[0]);
    const [named, unnamed] = ["yes", "no"].map((header) => {
      const target = header === "yes" ? rows[0].split(",")[8] : "column 9";
      return losses("--data", packed, "--header", header, "--target", target);
    });
    assert.deepEqual(losses("--data", packed), unnamed);
    assert.notDeepEqual(named, unnamed);
    const table = await readTable(new Blob([readFileSync(packed)]), { header: true });
    assert.equal(table.rows, rows.length - 1);
    table.dispose();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
