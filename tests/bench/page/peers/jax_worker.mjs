// jax-js, its wasm backend; in an isolated page it spreads its kernels over one worker per core by itself.
import {
  blockUntilReady,
  defaultDevice,
  init,
  jit,
  lax,
  nn,
  numpy as np,
  tree,
  valueAndGrad,
} from "/peers/@jax-js/jax/dist/index.js";
import { host } from "/web/bench/timing/host.mjs";
import { repeat } from "/web/bench/timing/repeat.mjs";
import { layersOf } from "/web/bench/timing/work.mjs";
import { batches, values, weights } from "/bench/peers/data.mjs";

const rate = 0.001;
const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];

const ready = init("wasm").then(() => defaultDevice("wasm"));

// Passing an array to a function gives it away; `.ref` keeps it.

function product({ m, k, n, layout }) {
  const [first, second] = [layout[0] === "T", layout[1] === "T"];
  const a = np.array(values(m * k)).reshape(first ? [k, m] : [m, k]);
  const b = np.array(values(k * n)).reshape(second ? [n, k] : [k, n]);
  const multiply = jit((a, b) =>
    np.matmul(first ? np.transpose(a) : a, second ? np.transpose(b) : b),
  );
  return {
    run: repeat(async () => (await multiply(a.ref, b.ref).blockUntilReady()).dispose()),
    dispose: () => tree.dispose([a, b]),
  };
}

const predictor = (layers) => (params, x) => {
  layers.forEach(({ kind, size, outputs }, layer) => {
    if (kind === "relu") {
      x = nn.relu(x);
    } else if (kind === "pool") {
      x = lax.reduceWindow(x, np.max, [size, size], [size, size]);
    } else if (kind === "conv") {
      const bias = params[`b${layer}`].reshape([outputs, 1, 1]);
      x = lax.conv(x, params[`w${layer}`], [1, 1], "VALID").add(bias);
    } else {
      if (x.ndim > 2) x = x.reshape([x.shape[0], -1]);
      x = np.dot(x, params[`w${layer}`]).add(params[`b${layer}`]);
    }
  });
  return nn.logSoftmax(x);
};

const crossEntropy = (predict) => (params, x, y) => {
  const size = y.shape[0];
  return predict(params, x)
    .mul(y)
    .sum()
    .mul(-1 / size);
};

// One array's Adam update; `correction` holds 1 / (1 - β1ᵗ) and 1 / (1 - β2ᵗ).
function adam(p, m, v, g, correction) {
  m = m.mul(beta1).add(g.ref.mul(1 - beta1));
  v = v.mul(beta2).add(np.square(g).mul(1 - beta2));
  const step = m.ref
    .mul(correction[0])
    .div(np.sqrt(v.ref.mul(correction[1])).add(epsilon))
    .mul(-rate);
  return [p.add(step), m, v];
}

function adamOnTree(params, m, v, grads, correction) {
  const next = [{}, {}, {}];
  for (const name of Object.keys(params)) {
    adam(params[name], m[name], v[name], grads[name], correction(name)).forEach((array, i) => {
      next[i][name] = array;
    });
  }
  return next;
}

const corrections = (t) => [1 / (1 - beta1 ** t), 1 / (1 - beta2 ** t)];

// A step as its demo trains on MNIST: the forward pass under jit, everything else op by op, waiting for every
// parameter and reading the loss after each step.
function demoStep(layers) {
  const predict = jit(predictor(layers));
  const gradients = valueAndGrad(crossEntropy(predict));
  return async (state, x, y, t) => {
    const [loss, grads] = gradients(tree.ref(state.params), x, nn.oneHot(y, 10));
    const correction = corrections(t);
    const [params, m, v] = adamOnTree(state.params, state.m, state.v, grads, () => correction);
    for (const array of Object.values(params)) await array.blockUntilReady();
    return [{ params, m, v }, loss];
  };
}

// The whole step under one jit, with the labels already one-hot.
function jitStep(layers) {
  const gradients = valueAndGrad(crossEntropy(predictor(layers)));
  const step = jit((params, m, v, x, y, first, second) => {
    const [loss, grads] = gradients(tree.ref(params), x, y);
    const updated = adamOnTree(params, m, v, grads, () => [first.ref, second.ref]);
    first.dispose();
    second.dispose();
    return [...updated, loss];
  });
  return async (state, x, y, t) => {
    const [first, second] = corrections(t).map((value) => np.array(value));
    const [params, m, v, loss] = step(state.params, state.m, state.v, x, y, first, second);
    return [{ params, m, v }, loss];
  };
}

async function training({ net, batchSize }, way) {
  const layers = layersOf({ net });
  const data = (await batches(batchSize)).map(({ inputs, labels }) => {
    const y = np.array(labels, { dtype: np.int32 });
    return {
      x: np
        .array(inputs)
        .reshape(layers[0].kind === "conv" ? [batchSize, 1, 28, 28] : [batchSize, 784]),
      y: way === "demo" ? y : nn.oneHot(y, 10),
    };
  });
  await blockUntilReady(data);
  const params = {};
  layers.forEach(({ kind, inputs, outputs, kernel }, layer) => {
    if (!inputs) return;
    const w = np.array(weights(inputs * kernel ** 2, outputs));
    params[`w${layer}`] = w.reshape(
      kind === "conv" ? [outputs, inputs, kernel, kernel] : [inputs, outputs],
    );
    params[`b${layer}`] = np.zeros([outputs]);
  });
  const zeros = () => tree.map((array) => np.zeros(array.shape), params);
  let state = { params, m: zeros(), v: zeros() };
  const step = way === "demo" ? demoStep(layers) : jitStep(layers);
  let t = 0;
  const next = async () => {
    const { x, y } = data[t % data.length];
    const [after, loss] = await step(state, x.ref, y.ref, ++t);
    state = after;
    return loss;
  };
  const losses = []; // also the warm-up; a step of a convolutional net may take seconds
  const warmUp = layers[0].kind === "conv" ? 10 : 20;
  for (let i = 0; i < warmUp; i++) losses.push(await (await next()).jsAsync());

  // The demo reads every loss. "jit-8" hands over eight steps before it waits.
  const together = way === "jit-8" ? 8 : 1;
  const steps = repeat(async () => {
    for (let i = 1; i < together; i++) (await next()).dispose();
    const loss = await next();
    if (way === "demo") await loss.jsAsync();
    else loss.dispose();
    await blockUntilReady(state.params);
  });
  return {
    async run(milliseconds) {
      const { units, seconds } = await steps(milliseconds);
      return { units: units * together * batchSize, seconds };
    },
    about: { losses },
    dispose: () => tree.dispose([state, data]),
  };
}

host({
  async product({ product: shape }) {
    await ready;
    return product(shape);
  },
  async training({ training: net, way }) {
    await ready;
    return training(net, way);
  },
});
