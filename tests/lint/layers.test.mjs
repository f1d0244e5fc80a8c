// Proves that the layer rule passes on the project and fails on each kind of offence.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { layerOffences } from "./layers.mjs";

/** The offences in a project of one file. */
function offencesIn(path, text) {
  const root = mkdtempSync(join(tmpdir(), "lanegrad-layers-"));
  try {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), text);
    return layerOffences(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

test("the project keeps the layer rule", () => {
  assert.deepEqual(layerOffences(fileURLToPath(new URL("../..", import.meta.url))), []);
});

const offences = [
  [
    "an upward include",
    "engine/core/shape.h",
    '\n#include "engine/ndarray/nd_array.h"\n',
    "2: includes engine/ndarray/nd_array.h: core may not see ndarray",
  ],
  [
    "a layer that sees a net",
    "engine/layers/dense.cpp",
    '#include "engine/nets/net.h"',
    "1: includes engine/nets/net.h: layers may not see nets",
  ],
  [
    "an optimizer that sees a layer",
    "engine/optimizers/sgd.h",
    '#include "engine/layers/layer.h"',
    "1: includes engine/layers/layer.h: optimizers may not see layers",
  ],
  [
    "a data loader that sees a tensor",
    "engine/dataloaders/idx.h",
    '#include "engine/tensor/tensor.h"',
    "1: includes engine/tensor/tensor.h: dataloaders may not see tensor",
  ],
  [
    "a layer that sees a kernel",
    "engine/layers/a.cpp",
    '#include "engine/kernels/kernels.h"',
    "1: includes engine/kernels/kernels.h: layers may not see kernels",
  ],
  [
    "a library file that sees the command line",
    "engine/training/trainer.h",
    '#include "engine/cli/args.h"',
    "1: includes engine/cli/args.h: training may not see cli",
  ],
  [
    "a library file that includes the umbrella",
    "engine/nets/mlp.cpp",
    '#include "engine/lanegrad.h"',
    "1: includes engine/lanegrad.h: nets may not see lanegrad.h",
  ],
  [
    "Highway outside kernels",
    "engine/ndarray/a.cpp",
    "#include <hwy/highway.h>",
    "1: includes <hwy/highway.h>: only engine/kernels/ may use Highway",
  ],
  [
    "Highway in the bindings",
    "wasm/bindings/tensor.cpp",
    '#include "hwy/highway.h"',
    "1: includes <hwy/highway.h>: only engine/kernels/ may use Highway",
  ],
  [
    "an include of the tests",
    "engine/core/a.cpp",
    '#include "tests/engine/catch.h"',
    "1: includes tests/engine/catch.h: nothing reaches into tests/",
  ],
  [
    "a relative include",
    "engine/core/a.cpp",
    '#include "shape.h"',
    '1: includes "shape.h": paths start at the root of the project',
  ],
  ["an unknown folder", "engine/utils/a.h", "", "1: utils has no place in the dependency rule"],
  [
    "a stream",
    "engine/core/a.cpp",
    "#include <iostream>",
    "1: includes <iostream>: the engine does no I/O and does not abort",
  ],
  [
    "a print",
    "engine/training/a.cpp",
    'void f() {\n  std::printf("x");\n}',
    "2: uses printf: the engine does not print, open files or abort",
  ],
  [
    "an abort",
    "engine/core/a.cpp",
    "void f() { abort(); }",
    "1: uses abort: the engine does not print, open files or abort",
  ],
  [
    "the raw module in the trainer",
    "wasm/src/trainer/loop.ts",
    'import type { Raw } from "../raw.js";',
    "1: names ../raw.js: only module/, api/ and worker/ touch the raw module",
  ],
  [
    "the glue outside load",
    "wasm/src/trainer/trainer.ts",
    'const url = "./engine/simd/engine.mjs";',
    "1: names engine.mjs: only module/, api/ and worker/ touch the raw module",
  ],
  [
    "the page reaching into the package",
    "web/labs/a.ts",
    'import { x } from "../../wasm/src/module/load.js";',
    "1: imports ../../wasm/src/module/load.js: the page uses the package by its name",
  ],
];

for (const [name, path, text, offence] of offences) {
  test(`finds ${name}`, () => {
    assert.deepEqual(offencesIn(path, text), [`${path}:${offence}`]);
  });
}

const allowed = [
  [
    "includes to the left",
    "engine/nets/net_text.h",
    '#include "engine/core/error.h"\n#include "engine/layers/dense.h"',
  ],
  ["Highway in kernels", "engine/kernels/gemm.cpp", "#include <hwy/highway.h>"],
  [
    "printing in the command line",
    "engine/cli/train.cpp",
    '#include <iostream>\nint main() { std::printf("x"); }',
  ],
  [
    "offences in comments and strings",
    "engine/core/a.cpp",
    '// #include <hwy/highway.h>, printf("x")\nconst char* s = "abort()";',
  ],
  ["formatting into a buffer", "engine/core/a.cpp", 'void f() { std::snprintf(b, 8, "%d", 1); }'],
  ["the page's own files", "web/labs/a.ts", 'import { x } from "../state.js";'],
  ["the raw module in the api", "wasm/src/api/tensor.ts", 'import type { Raw } from "../raw.js";'],
];

for (const [name, path, text] of allowed) {
  test(`allows ${name}`, () => {
    assert.deepEqual(offencesIn(path, text), []);
  });
}
