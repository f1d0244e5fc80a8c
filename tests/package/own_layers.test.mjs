// Layers that a user writes: a class that extends lg.Layer, or another layer, and has a forward of its own.
import assert from "node:assert/strict";
import { lg, near, clean } from "./clean.mjs";
import { refuses } from "./support.mjs";

/** x · scale, where the scale is learned. */
class Scale extends lg.Layer {
  constructor(size, value = 1) {
    super();
    this.scale = lg.full([size], value, { requiresGrad: true });
  }
  forward(x) {
    return x.mul(this.scale);
  }
}

class Swish extends lg.ReLU {
  forward(x) {
    return x.mul(x.sigmoid());
  }
}

/** x + f(x), where f has layers of the engine and one of our own. */
class Residual extends lg.Layer {
  constructor(size) {
    super();
    this.inner = new lg.Sequential({
      dense: new lg.Dense(size, size, { seed: 3 }),
      swish: new Swish(),
      scale: new Scale(size, 0.5),
    });
    this.offset = lg.zeros([size], { requiresGrad: true });
    this.constant = lg.ones([size]);
  }
  forward(x) {
    return this.inner.forward(x).add(x).add(this.offset.mul(this.constant));
  }
}

const makeNet = () =>
  new lg.Net({
    first: new lg.Dense(2, 3, { seed: 1 }),
    bias: new lg.Bias(3),
    residual: new Residual(3),
    norm: new lg.BatchNorm(3),
    last: new lg.Dense(3, 1, { seed: 2 }),
  });
const x = [
  [0.5, -1],
  [1.5, 0.25],
  [-0.75, 2],
];
const sigmoid = (z) => 1 / (1 + Math.exp(-z));

clean("a layer with its own forward is used alone, in a net and in Sequential", () => {
  const swish = x.map((row) => row.map((z) => z * sigmoid(z)));
  const net = new lg.Net({ swish: new Swish() });
  const sequential = new lg.Sequential({ swish: new Swish(), scale: new Scale(2, 3) });
  near(new Swish().forward(lg.tensor(x)).toArray(), swish);
  near(net.forward(x).toArray(), swish);
  near(sequential.forward(x).toArray(), swish.map((row) => row.map((z) => 3 * z))); // prettier-ignore
  const both = new lg.Net({ sequential, dense: new lg.Dense(2, 1, { seed: 1 }) });
  const weight = both.parameters.dense.weight.toArray();
  near(both.forward(x).toArray(), swish.map(([a, b]) => [3 * (a * weight[0] + b * weight[1])])); // prettier-ignore
});

clean("its tensors and those of its layers have names, and count", () => {
  const net = makeNet();
  assert.deepEqual(Object.keys(net.namedTensors()), [
    "first.weight",
    "bias.bias",
    "residual.inner.dense.weight",
    "residual.inner.scale.scale",
    "residual.offset",
    "norm.weight",
    "norm.bias",
    "last.weight",
  ]);
  assert.deepEqual(Object.keys(net.namedBuffers()), ["norm.running_mean", "norm.running_var"]);
  assert.equal(net.parameterCount, 6 + 3 + 3 + 9 + 3 + 3 + 3 + 3);
  assert.equal(net.parameters.residual.kind, "Residual");
});

clean("a net that extends Net has the tensors and layers among its properties, too", () => {
  class Mine extends lg.Net {
    constructor() {
      super({});
      this.dense = new lg.Dense(2, 2, { seed: 1 });
      this.norm = new lg.BatchNorm(2);
      this.offset = lg.zeros([2], { requiresGrad: true });
    }
    forward(x) {
      return this.norm.forward(this.dense.forward(x)).add(this.offset);
    }
  }
  const net = new Mine();
  const names = ["dense.weight", "norm.weight", "norm.bias", "offset"];
  assert.deepEqual(Object.keys(net.namedTensors()), names);
  assert.deepEqual(Object.keys(net.namedBuffers()), ["norm.running_mean", "norm.running_var"]);
  net.training = false;
  assert.equal(net.norm.training, false);
});

clean("gradients are those of differences, in every tensor", () => {
  const net = makeNet();
  const target = [[1], [-0.5], [0.25]];
  const loss = () => lg.scope(() => new lg.MSE().forward(net.forward(x), target).item());
  lg.scope(() => new lg.MSE().forward(net.forward(x), target).backward());
  for (const [name, tensor] of Object.entries(net.namedTensors())) {
    const values = tensor.data;
    const gradients = tensor.grad.data;
    for (let i = 0; i < values.length; i++) {
      const at = (change) => {
        tensor.setData(values.map((value, j) => (i === j ? value + change : value)));
        return loss();
      };
      const step = 1 / 64;
      const expected = (at(step) - at(-step)) / (2 * step);
      const tolerance = 2e-3 + 0.02 * Math.abs(expected);
      const told = `${name} ${i}: ${gradients[i]}, by differences ${expected}`;
      assert.ok(Math.abs(gradients[i] - expected) < tolerance, told);
    }
    tensor.setData(values);
  }
});

clean("a net with it learns by an optimizer", () => {
  const net = makeNet();
  const optimizer = new lg.Adam(net, { learningRate: 0.05 });
  const loss = new lg.MSE();
  const before = net.namedTensors()["residual.inner.scale.scale"].data;
  let last;
  for (let step = 0; step < 150; step++) {
    last = lg.scope(() => {
      optimizer.zeroGrad();
      const value = loss.forward(net.forward(x), [[1], [-0.5], [0.25]]);
      value.backward();
      optimizer.step();
      return value.item();
    });
  }
  assert.ok(last < 1e-3, `${last}`);
  assert.notDeepEqual(net.namedTensors()["residual.inner.scale.scale"].data, before);
});

clean("layers of the engine give the same bits beside one of our own", () => {
  const options = { inputs: 4, outputs: 2, seed: 5 };
  const plain = lg.net("dense 8, relu, dense classes", options);
  const { dense1, bias1, relu1, dense2, bias2 } = lg.net(
    "dense 8, relu, dense classes",
    options,
  ).parameters;
  class Same extends lg.Layer {
    forward(x) {
      return x;
    }
  }
  const mixed = new lg.Net({ dense1, bias1, same: new Same(), relu1, dense2, bias2 });
  const inputs = lg.normal([16, 4], { seed: 9 });
  assert.deepEqual(mixed.forward(inputs).data, plain.forward(inputs).data);
});

clean("training and evaluation reach the layers inside", () => {
  const net = makeNet();
  const inner = new lg.Dropout(0.5);
  class Holder extends lg.Layer {
    inner = inner;
    forward(x) {
      return this.inner.forward(x);
    }
  }
  const outer = new lg.Net({ a: new lg.Sequential({ holder: new Holder() }), net: new Scale(2) });
  outer.setTraining(false);
  assert.deepEqual([inner.training, outer.parameters.a.training, outer.training], [false, false, false]); // prettier-ignore
  near(outer.forward(x).toArray(), x);
  outer.parameters.a.training = true;
  assert.equal(inner.training, true);
  net.setTraining(false);
  assert.equal(net.parameters.norm.training, false);
});

clean("what belongs to it is kept by a scope and disposed with it", () => {
  const net = lg.scope(() => makeNet());
  const { residual } = net.parameters;
  assert.ok(!residual.offset.disposed && !residual.constant.disposed && !residual.inner.disposed);
  assert.deepEqual(net.forward(x).shape, [3, 1]);
  net.dispose();
  assert.ok(residual.offset.disposed && residual.constant.disposed && residual.inner.disposed);
});

clean("a loss of one's own is a function of tensors", () => {
  const huber = (prediction, target) => {
    const error = prediction.sub(target).abs();
    const square = error.sub(error.sub(1).relu());
    return square.mul(square).mul(0.5).add(error.sub(square)).mean();
  };
  const p = lg.tensor([0.25, 3, -4], { requiresGrad: true });
  const value = huber(p, [0, 0, 0]);
  near(value.item(), (0.5 * 0.0625 + 2.5 + 3.5) / 3);
  value.backward();
  near(p.grad.toArray(), [0.25 / 3, 1 / 3, -1 / 3]);
});

clean("what cannot be done says so", () => {
  class Nothing extends lg.Layer {}
  class Wrong extends lg.Layer {
    forward() {
      return 3;
    }
  }
  refuses(
    () => new Nothing().forward(x),
    "InvalidState",
    "layer: a Nothing has no forward, expected one",
  );
  refuses(
    () => new lg.Net({ wrong: new Wrong() }).forward(x),
    "InvalidArgument",
    "forward: wrong: its output 3, expected a tensor",
  );
  refuses(() => new lg.Layer(3), "InvalidArgument", "layer: 3, expected no such argument");
  const swish = new Swish();
  swish.forward(lg.tensor(x));
  refuses(() => swish.backward(x), "InvalidState", "layer: a Swish has a forward of its own, expected backward() of its output"); // prettier-ignore
  const net = makeNet();
  refuses(() => net.describe([2]), "Unsupported", "describe: a layer has a forward of its own, expected layers of the engine"); // prettier-ignore
  const train = new lg.ArrayLoader({ inputs: x, targets: [[1], [2], [3]] });
  const parts = { net, optimizer: new lg.SGD(net), train };
  refuses(() => new lg.SyncTrainer(parts), "InvalidArgument", "trainer: net a Net, expected a net of layers that keep the forward of Layer"); // prettier-ignore
});
