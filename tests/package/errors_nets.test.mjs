// Bad input gets one clear sentence: every code and text of nets and of the synchronous trainer in the synchronous API.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "../../dist/index.js";
import { refusesEach } from "./support.mjs";

const lg = await load();
const data = { inputs: [[0], [1]], labels: [0, 1], classes: 2 };
const parts = (changes) => {
  const net = lg.net("mlp", { inputs: 1, outputs: 2 });
  return { net, optimizer: new lg.Adam(net), train: new lg.ArrayLoader(data), ...changes };
};
const mlp = (inputs, outputs) => lg.net("mlp", { inputs, outputs });
const picture = { inputs: [1, 28, 28], outputs: 10 };

refusesEach(lg, [
  [
    () => lg.net("mpl", { inputs: 1, outputs: 1 }),
    "NotFound",
    /^net: 'mpl' at word 1 \(column 1\) is no layer \(did you mean 'mlp'\?\), expected one of conv, pool, .* or the name of a net, mlp, /,
  ],
  [() => lg.net("mlp"), "InvalidArgument", "net: inputs nothing, expected a whole number"],
  [
    () => lg.net("mlp", { inputs: 2 }),
    "InvalidArgument",
    "net: outputs nothing, expected a whole number",
  ],
  [() => lg.net(5, { inputs: 2, outputs: 2 }), "InvalidArgument", "net: name 5, expected a name"],
  [
    () => lg.net("dense 0, relu, dense classes", { inputs: 1, outputs: 1 }),
    "InvalidArgument",
    "net: '0' at word 2 (column 7) is no number of outputs, expected a whole number of at least 1",
  ],
  [
    () => lg.describe("conv 8 5x5, poool 2, dense classes", picture),
    "NotFound",
    /^net: 'poool' at word 4 \(column 13\) is no layer \(did you mean 'pool'\?\), expected one of conv, pool, /,
  ],
  [
    () => lg.describe("conv 8 29, dense classes", picture),
    "InvalidArgument",
    "net: '29' at word 3 (column 8) is a kernel larger than its input of 28x28, expected at most 28",
  ],
  [
    () => lg.describe("pool 40, dense classes", picture),
    "InvalidArgument",
    "net: '40' at word 2 (column 6) is a pool larger than its input of 28x28, expected at most 28",
  ],
  [
    () => lg.describe("dense 10, relu, dense 5", picture),
    "InvalidArgument",
    "net: the last layer, 'dense' at word 4 (column 17), gives [5], expected [10]: as many outputs as the data has classes, or numbers in a target",
  ],
  [() => new lg.Net({ dense1: 5 }), "InvalidArgument", "net: dense1 5, expected a layer"],
  [
    () => new lg.Net({ "": new lg.ReLU() }),
    "InvalidArgument",
    "net: a layer without a name, expected a name",
  ],
  [() => new lg.SyncTrainer(), "InvalidArgument", "trainer: net nothing, expected a net"],
  [
    () => new lg.SyncTrainer({ ...parts(), net: 5 }),
    "InvalidArgument",
    "trainer: net 5, expected a net",
  ],
  [
    () => new lg.SyncTrainer({ ...parts(), test: 5 }),
    "InvalidArgument",
    "trainer: test 5, expected a data loader",
  ],
  [
    () => new lg.SyncTrainer(parts({ net: mlp(1, 3) })),
    "ShapeMismatch",
    "training: the net gives [1, 3] for one sample, expected [1, 2] for data with 2 classes",
  ],
  [
    () => new lg.SyncTrainer(parts({ net: mlp(4, 2) })),
    "ShapeMismatch",
    "dense: input [1, 1] and weight [4, 128] do not multiply, expected input [N, 4]",
  ],
  [
    () => new lg.SyncTrainer(parts()).evaluate(),
    "InvalidState",
    "training: evaluation without test data, expected a test set",
  ],
  [
    () => new lg.SyncTrainer(parts()).evaluateSome(),
    "InvalidState",
    "training: no evaluation is under way, expected one to begin first",
  ],
  [
    () => new lg.SyncTrainer(parts()).predict([[1, 2]]),
    "ShapeMismatch",
    "dense: input [1, 2] and weight [1, 128] do not multiply, expected input [N, 1]",
  ],
]);

test("an error says to programs what it is about", () => {
  assert.throws(() => lg.net("conv 8 3x3, poool 2", picture), {
    details: { op: "net", field: "net", column: 13 },
  });
  assert.throws(() => new lg.Dropout(2), {
    details: { op: "dropout", field: "rate", value: 2 },
  });
  // What the API itself refuses has no details.
  assert.throws(() => lg.net("mlp"), { details: {} });
});
