// A run with its result in a link or a file: opened, it is there without training.
import assert from "node:assert/strict";
import { after } from "node:test";
import { test } from "../support/test.mjs";
import { gzipSync } from "node:zlib";
import { readSafetensors } from "../support/safetensors.mjs";
import { open as openFile, set, shown, small, train } from "./returning.mjs";
import { at, downloaded, launchSite, openPage, waitForStatus } from "./support.mjs";

const { browser, site } = await launchSite();
const pages = [];
after(() => {
  for (const page of pages) assert.deepEqual(page.complaints, []);
});

async function visit(query) {
  const page = await openPage(browser, `${site.address}${query}`);
  pages.push(page);
  return page;
}

async function trained(query) {
  const page = await visit(`?${query}`);
  await waitForStatus(page, "idle");
  await train(page);
  return page;
}

async function openDialog(page) {
  await at(page, "share").click();
  await at(page, "share-dialog").waitFor();
}

const about = (page) => page.locator("#share-run-about").textContent();

// The link with the run, and with what else is asked for.
async function linkOf(page, ...more) {
  await openDialog(page);
  for (const name of [...more, "run"].reverse()) await at(page, `share-${name}`).check();
  const link = await at(page, "share-link").inputValue();
  await at(page, "share-close").click();
  return link;
}

async function follow(link) {
  const page = await visit(link.slice(site.address.length));
  await waitForStatus(page, "finished", "stopped");
  return page;
}

const weights = async (page) => {
  const { tensors } = readSafetensors((await downloaded(page, at(page, "save"))).bytes);
  const own = Object.entries(tensors).filter(([name]) => name.startsWith("net."));
  return own.map(([name, values]) => [name, ...values]);
};

const answer = (page) =>
  page.waitForFunction(() => {
    const { textContent } = document.querySelector('[data-testid="prediction"]');
    return textContent !== "–" && textContent + document.querySelector("#confidence").textContent;
  });

test("a small run travels whole: curves, epochs, settings and answers are the same, and it goes on to the same bits", async () => {
  const page = await trained(`${small}&epochs=2`);
  await openDialog(page);
  assert.match(
    await about(page),
    /^[\d,]+ characters: it comes with .* exactly as here, without training\.$/,
  );
  await at(page, "share-run").check();
  assert.ok(await at(page, "share-autostart").isDisabled(), "there is nothing to start");
  await at(page, "share-close").click();
  const link = await linkOf(page);
  const other = await follow(link);
  assert.deepEqual(await shown(other), await shown(page));
  assert.deepEqual(await weights(other), await weights(page));

  // What is reloaded is the run of the link, as long as it has not gone on.
  await other.reload();
  await waitForStatus(other, "finished");
  assert.match(other.url(), /#run=/);
  for (const each of [page, other]) {
    await set(each, "epochs", 3);
    await train(each);
  }
  // How long an epoch took is each page's own.
  const [here, there] = await Promise.all([page, other].map(shown));
  for (const row of [...here.epochs, ...there.epochs]) row.pop();
  assert.deepEqual(there, here);
  assert.deepEqual(await weights(other), await weights(page));
  assert.doesNotMatch(other.url(), /run=/);
  await other.context().close();
  await page.context().close();
});

test("a net of 784 inputs still fits with exact weights, without what the optimizer remembers, and says so", async () => {
  const page = await trained("net=dense+16,+relu,+dense+classes&batch=500&epochs=2&lr=0.005");
  await openDialog(page);
  assert.match(
    await about(page),
    /Left out are what the optimizer remembers, .* detail of the curves\.$/,
  );
  await at(page, "share-run").check();
  assert.match(
    await at(page, "share-length").textContent(),
    /^\d\d,\d{3} characters: .* many chats cut it\.$/,
  );
  assert.match(
    await at(page, "share-code").textContent(),
    /^This link is too long for a QR code that a phone could read: \d\d,\d{3} characters, where 1,003 are the most\.$/,
  );
  await at(page, "share-close").click();
  const other = await follow(await linkOf(page));
  const [before, there] = [await shown(page), await shown(other)];
  const rows = ({ curves }) =>
    curves.map((csv) =>
      csv
        .trimEnd()
        .split("\r\n")
        .map((row) => row.split(",")),
    );
  const [expected, found] = [rows(before), rows(there)];
  for (const chart of [0, 1]) {
    assert.equal(found[chart].length, expected[chart].length);
    assert.ok(found[chart].length > 200);
    expected[chart].forEach((row, i) =>
      row.forEach((cell, j) => {
        const [value, same] = [Number(cell), Number(found[chart][i][j])];
        const isText = Number.isNaN(value);
        assert.ok(
          isText ? cell === found[chart][i][j] : Math.abs(same - value) <= 1e-3 * Math.abs(value),
        );
      }),
    );
  }
  for (const part of ["status", "readouts", "epochs", "fields", "net", "way", "address"]) {
    assert.deepEqual(there[part], before[part], part);
  }
  assert.deepEqual(await weights(other), await weights(page));
  // It learns on, and no worse.
  const loss = async (each) => Number((await at(each, "train-loss").textContent()).trim());
  const reached = await loss(other);
  await set(other, "epochs", 3);
  await train(other);
  assert.ok((await loss(other)) < reached, `${await loss(other)} after ${reached}`);
  await other.context().close();
  await page.context().close();
});

test("a large run is a file, whose name tells its net, accuracy and seed, and which opens", async () => {
  const page = await trained("net=dense+64,+relu,+dense+classes&batch=2000&epochs=1&seed=9");
  await openDialog(page);
  assert.ok(await at(page, "share-run").isDisabled());
  assert.match(
    await about(page),
    /^It is too large for a link, which may have 72,000 characters and so about 10,000 weights: share it as a file\.$/,
  );
  const button = at(page, "share-file");
  assert.match(await button.textContent(), /^Save the run \(0\.6 MB\)$/);
  const { name, bytes } = await downloaded(page, button);
  assert.match(name, /^lanegrad-own-net-accuracy-\d\d\.\d\d-seed-9-step-28-.*\.safetensors$/);
  assert.equal(await page.locator(".share-name").textContent(), name);
  await at(page, "share-close").click();
  const other = await visit("");
  await waitForStatus(other, "idle");
  await openFile(other, name, bytes);
  await waitForStatus(other, "finished");
  assert.deepEqual(await shown(other), await shown(page));
  await other.context().close();
  await page.context().close();
});

test("with the net and a picture, a link opens the picture's step in Autograd", async () => {
  const page = await trained(`${small}&epochs=1`);
  await openDialog(page);
  for (const part of ["drawing", "step"]) assert.ok(await at(page, `share-${part}`).isDisabled());
  await at(page, "share-close").click();
  await page.locator("#pick").click();
  const before = await (await answer(page)).jsonValue();
  const picture = await at(page, "open-step-picture").textContent();
  const link = await linkOf(page, "step", "drawing");
  const other = await visit(link.slice(site.address.length));
  await other.locator(".trace .lead").waitFor();
  const { searchParams } = new URL(other.url());
  assert.equal(searchParams.get("sample"), picture.replace("\u00a0", " "));
  assert.equal(searchParams.get("step"), "10");
  await other.goBack();
  assert.equal(await (await answer(other)).jsonValue(), before);
  await other.context().close();
  await page.context().close();
});

test("a link that was cut, changed or made up is refused in one sentence, and the page works", async () => {
  const page = await trained(`${small}&epochs=1`);
  const link = await linkOf(page);
  await page.context().close();
  const run = link.split("#run=")[1];
  const inBase64 = (bytes) => bytes.toString("base64url");
  const made = (parts, numbers = Buffer.alloc(0)) => {
    const json = Buffer.from(JSON.stringify(parts));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(json.length);
    return `1.${inBase64(gzipSync(Buffer.concat([length, json, numbers])))}`;
  };
  const tensor = { name: "net.0.weight", dtype: "F32", fill: 0 };
  const whole =
    /^The run in this link cannot be openedThat part of the link was cut or changed on its way here\./;
  const bad = [
    [run.slice(0, -20), whole],
    [run.slice(0, 900) + (run[900] === "A" ? "B" : "A") + run.slice(901), whole],
    ["", whole],
    ["2.abc", whole],
    ["1.%20%", whole],
    [`1.${inBase64(gzipSync(Buffer.alloc(3e6)))}`, whole],
    [made({ texts: {}, record: {}, tensors: [{ ...tensor, shape: [1e5, 1e5] }] }), whole],
    [
      made({ texts: {}, record: {}, tensors: [{ ...tensor, shape: [4] }] }),
      /^The run in this link is no saved run/,
    ],
    [
      made({
        texts: {},
        record: { charts: [{ training: { x: { steps: 1e12, perEpoch: 1 } } }] },
        tensors: [],
      }),
      whole,
    ],
  ];
  for (const [text, sentence] of bad) {
    const other = await visit(`?${small}#run=${text}`);
    await at(other, "problem").waitFor();
    assert.match(await at(other, "problem").textContent(), sentence, text.slice(0, 40));
    assert.equal(await at(other, "problem").count(), 1);
    await waitForStatus(other, "idle");
    await other.context().close();
  }
});
