// A folder that is dropped on the page, as from a file manager: its sub-folders are the classes.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "../support/test.mjs";
import { png } from "../support/pictures.mjs";
import { brought, open } from "./own_data.mjs";
import { at } from "./support.mjs";

test("a dropped folder is read with all that is below it, more than a browser lists at once", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "lanegrad-drop-"));
  t.after(() => rm(folder, { recursive: true }));
  const counts = { "pets/cats": 130, "pets/cats/small": 20, "pets/dogs": 210 };
  for (const [path, count] of Object.entries(counts)) {
    await mkdir(join(folder, path), { recursive: true });
    for (let i = 0; i < count; i++) {
      const picture = png(8, 8, (x) => [i, 20 * x, path === "pets/dogs" ? 20 : 200]);
      await writeFile(join(folder, path, `${i}.png`), picture);
    }
  }
  await writeFile(join(folder, "pets/list.txt"), "cats, dogs");

  const page = await open("net=dense+4,+relu,+dense+classes&validation=0");
  await page.locator("#own").scrollIntoViewIfNeeded();
  const { x, y } = await page.locator("#own").boundingBox();
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [join(folder, "pets")], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"])
    await session.send("Input.dispatchDragEvent", { type, x: x + 40, y: y + 20, data });
  await at(page, "own-read").waitFor();
  assert.match(await at(page, "own-read").textContent(), /^PNG pictures: 360 pictures to learn from, 8\s×\s8 pixels, in colour, 2 classes\./); // prettier-ignore
  assert.deepEqual(await at(page, "own-classes").locator("tbody tr").allInnerTexts(), [
    "cats\t150",
    "dogs\t210",
  ]);
  assert.deepEqual(await at(page, "own-preview").locator(".notes li").allTextContents(), [
    "1 file (list.txt) beside the pictures was left out.",
  ]);
  await at(page, "own-learn").click();
  await brought(page, "288 pictures to learn from and 72 for the test");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});
