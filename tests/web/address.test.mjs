// Numbers and changes of the rate in addresses: what is none is told of, and does not go on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { runnerImport } from "vite";
import { root } from "./support.mjs";

const load = async (path) =>
  (await runnerImport(`${root}web/${path}`, { configFile: false, logLevel: "error" })).module;
const { changesField } = await load("settings/rates.ts");
const digits = await load("labs/digits/settings/digits_settings.ts");
const functions = await load("labs/functions/settings/functions_settings.ts");

const bad = ["5:0.1:9", "5:0.1:", "5", "5:", ":0.1", "", ",", "0:0.1", "-1:0.1", "5:0", "5:-1"];
bad.push("5:Infinity", "1.5:0.1", "0x5:0.1", "9:0.1,5:0.1", "5:0.1,", "5:0.1;6:0.1");

test("changes of the rate are steps and rates, and nothing more", () => {
  for (const text of ["5:0.1", "5:0.1,5:0.2,900:0.0001"])
    assert.equal(changesField.write(changesField.read(text)), text);
  for (const text of bad)
    assert.throws(() => changesField.read(text), { message: `“${text}” makes no sense` });
});

test("in both labs an address with other ones is told of, and does not go on", () => {
  for (const text of bad) {
    const search = `?rates=${text}`;
    const given = digits.fromAddress(search);
    assert.deepEqual(
      given.complaints.map(({ key }) => key),
      ["rates"],
      text,
    );
    assert.equal(
      digits.sentence(given.complaints[0], digits.defaults),
      `changes of the learning rate: “${text}” makes no sense in this page’s address, expected steps and rates like 500:0.001, 900:0.0001; none is used instead.`,
    );
    assert.doesNotMatch(digits.toAddress(given.settings, digits.defaults, search), /rates/);

    const { settings, complaints } = functions.fromAddress(search);
    assert.deepEqual(complaints, [
      `changes of the learning rate: “${text}” makes no sense in this page’s address, expected steps and rates like 500:0.001, 900:0.0001; none is used instead.`,
    ]);
    assert.equal(functions.toAddress(settings), "");
  }
});

test("numbers beyond the engine’s are refused as they were written", () => {
  for (const [key, text, expected] of [
    ["noise", "1e300", "expected a number from 0 to 1,000,000"],
    ["noise", "1e7", "expected a number from 0 to 1,000,000"],
    ["low", "-1e300", "expected a number"],
    ["lr", "1e39", "expected a number above 0"],
  ]) {
    const { complaints } = functions.fromAddress(`?${key}=${text}`);
    assert.equal(complaints.length, 1);
    assert.ok(
      complaints[0].includes(`“${text}” makes no sense in this page’s address, ${expected};`),
      complaints[0],
    );
  }
});
