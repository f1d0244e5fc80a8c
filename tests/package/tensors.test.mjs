// Tensors of the synchronous API in Node: how they are made, computed with, followed backward and freed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { bestVariant } from "./support.mjs";
import { lg, near, clean } from "./clean.mjs";

test("the variant is said", () => assert.equal(lg.variant, bestVariant));

clean("tensors are made of nested arrays, numbers, typed arrays, or numbers and a shape", () => {
  assert.deepEqual(lg.tensor([[1, 2], [3, 4], [5, 6]]).shape, [3, 2]); // prettier-ignore
  assert.deepEqual(lg.tensor(7).shape, []);
  assert.equal(lg.tensor(7).item(), 7);
  assert.deepEqual(lg.tensor(new Float32Array(3)).shape, [3]);
  assert.deepEqual(lg.tensor([new Float32Array([1, 2]), [3, 4]]).toArray(), [[1, 2], [3, 4]]); // prettier-ignore
  assert.deepEqual(lg.tensor([1, 2, 3, 4], [2, 2]).toArray(), [[1, 2], [3, 4]]); // prettier-ignore
  assert.deepEqual(lg.tensor([]).shape, [0]);
  assert.deepEqual(lg.zeros([2, 0]).toArray(), [[], []]);
  assert.deepEqual(lg.ones([2]).toArray(), [1, 1]);
  assert.deepEqual(lg.full([2], 1.5).toArray(), [1.5, 1.5]);
  assert.deepEqual(lg.arange(3).toArray(), [0, 1, 2]);
  assert.equal(String(lg.arange(10)), "Tensor [10] (0, 1, 2, 3, 4, 5, 6, 7, …)");
  assert.equal(lg.tensor([[1, 2]]).size, 2);
  assert.equal(
    inspect({ x: lg.tensor(1), layer: new lg.ReLU() }),
    "{ x: Tensor [] (1), layer: ReLU }",
  );
});

clean("data are copied both ways", () => {
  const values = Float32Array.of(1, 2);
  const x = lg.tensor(values);
  values[0] = 9;
  const copy = x.data;
  copy[1] = 9;
  assert.deepEqual(x.toArray(), [1, 2]);
  x.setData([3, 4]);
  assert.deepEqual(x.toArray(), [3, 4]);
});

clean("operations are methods and functions, and take numbers and nested arrays", () => {
  const x = lg.tensor([[1, -2], [3, 4]]); // prettier-ignore
  near(x.add(1).toArray(), [2, -1, 4, 5]);
  near(lg.add(1, x).toArray(), [2, -1, 4, 5]);
  near(x.sub([1, 2]).toArray(), [0, -4, 2, 2]);
  near(x.mul(x).toArray(), [1, 4, 9, 16]);
  near(lg.div(1, [2, 4]).toArray(), [0.5, 0.25]);
  near(lg.pow([2, 3], 2).toArray(), [4, 9]);
  near(x.maximum(0).toArray(), [1, 0, 3, 4]);
  near(x.matmul([[1], [1]]).toArray(), [-1, 7]);
  near(x.neg().toArray(), [-1, 2, -3, -4]);
  near(x.abs().toArray(), [1, 2, 3, 4]);
  near(lg.exp(1).item(), Math.E);
  near(lg.log(Math.E).item(), 1);
  near(lg.sqrt(9).item(), 3);
  near(lg.tanh(0.5).item(), Math.tanh(0.5));
  near(lg.sigmoid(0).item(), 0.5);
  near(x.relu().toArray(), [1, 0, 3, 4]);
  near(lg.exp(lg.logSoftmax([1, 1])).toArray(), [0.5, 0.5]);
  near(lg.softmax([0, Math.log(3)]).toArray(), [0.25, 0.75]);
  near(x.leakyRelu(0.5).toArray(), [1, -1, 3, 4]);
  near(lg.leakyRelu(-1).item(), -0.01);
  near(lg.gelu([0, 1]).toArray(), [0, 0.8413447]);
  near(lg.silu([-1, 0, 100]).toArray(), [-0.2689414, 0, 100]);
  near(lg.softplus([0, 100]).toArray(), [0.6931472, 100]);
  near(lg.softplus(-20).item(), 2.0611537e-9, 1e-15);
  near(x.sum().item(), 6);
  near(x.sum(0).toArray(), [4, 2]);
  near(lg.sum(x, 1, true).toArray(), [[-1], [7]]);
  near(x.mean(-1).toArray(), [-0.5, 3.5]);
  near(x.max().item(), 4);
  near(x.max(0).toArray(), [3, 4]);
  assert.deepEqual(x.argmax(), Int32Array.of(0, 1));
  assert.deepEqual(lg.argmax(x, 0), Int32Array.of(1, 1));
  assert.deepEqual(x.transpose().toArray(), [[1, 3], [-2, 4]]); // prettier-ignore
  assert.deepEqual(x.reshape([4]).shape, [4]);
});

clean("gradients flow back, and the graph can be walked", () => {
  const x = lg.tensor([1, 2], { requiresGrad: true });
  const y = x.mul(3);
  const loss = y.mul(y).sum();
  loss.backward();
  near(x.grad.toArray(), [18, 36]);
  assert.equal(loss.gradFn, "sum");
  assert.deepEqual(
    loss.sources.map((source) => source.gradFn),
    ["mul"],
  );
  const [left, right] = loss.sources[0].sources;
  assert.ok(left.is(y) && right.is(y) && !left.is(x));
  assert.ok(x.isLeaf && !y.isLeaf && x.requiresGrad);
  assert.equal(x.gradFn, "");
  loss.zeroGrad();
  x.zeroGrad();
  assert.equal(x.grad, null);
  x.mul(2).backward([1, 10]);
  near(x.grad.toArray(), [2, 20]);
  const detached = y.detach();
  assert.ok(detached.isLeaf && !detached.requiresGrad);
});

clean("noGrad remembers nothing", () => {
  const x = lg.tensor(2, { requiresGrad: true });
  assert.ok(lg.noGrad(() => x.mul(2)).isLeaf);
  assert.throws(() => lg.noGrad(() => assert.fail("out")), { message: "out" });
  assert.ok(!x.mul(2).isLeaf, "gradients are on again, even after an error");
});

test("scope keeps what is returned and disposes the rest, also when it throws", () => {
  const before = lg.memory().handles;
  const { kept, list } = lg.scope(() => {
    const lost = lg.ones([2]);
    return { kept: lost.add(1), list: [lg.ones([1]), "text"] };
  });
  assert.equal(lg.memory().handles, before + 2);
  kept.dispose();
  kept.dispose();
  assert.ok(kept.disposed);
  list[0][Symbol.dispose]();
  let inner;
  assert.throws(() => {
    lg.scope(() => {
      inner = lg.ones([2]);
      throw new Error("out");
    });
  });
  assert.ok(inner.disposed);
  const net = lg.scope(() => lg.net("mlp", { inputs: 2, outputs: 2 }));
  assert.equal(net.forward([[1, 2]]).size, 2);
  lg.scope(() => lg.scope(() => (inner = lg.ones([1]))));
  assert.equal(inner.disposed, false, "returned through both");
  lg.scope(() => {
    lg.scope(() => (inner = lg.ones([1])));
  });
  assert.equal(inner.disposed, true, "returned to the outer one, which lets go");
});

clean("a generator and a seed give the same numbers each time", () => {
  const random = new lg.Random(3);
  const first = lg.normal([4], { random }).data;
  assert.deepEqual(lg.normal([4], { seed: 3 }).data, first);
  assert.notDeepEqual(lg.normal([4], { random }).data, first);
  const uniform = lg.uniform([100], { low: 2, high: 3, seed: 1 }).data;
  assert.ok(uniform.every((value) => value >= 2 && value < 3));
  assert.ok(random.uniform() < 1 && Number.isFinite(random.normal()));
});
