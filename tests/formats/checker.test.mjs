// ONNX files against the specification's own checker, which also infers all shapes.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { test } from "node:test";
import { promisify } from "node:util";

const run = promisify(execFile);
const python = "/usr/bin/python3";

const check = `
import glob, sys, onnx
files = sorted(glob.glob(sys.argv[1] + "/*/*.onnx"))
for file in files:
    onnx.checker.check_model(onnx.load(file), full_check=True)
print(len(files))
`;

test("onnx.checker takes the files of 100 random nets", async (t) => {
  const found = await run(python, ["-c", "import onnx"]).catch(() => undefined);
  if (!found) return t.skip("no python3-onnx here");
  const folder = "build/formats/checked";
  await mkdir(folder, { recursive: true });
  await run("build/release/exported_nets", ["random", folder, "2", "100"]);
  const { stdout } = await run(python, ["-c", check, folder]);
  assert.equal(Number(stdout), 200);
});
