// TensorFlow.js, its wasm backend, from its own ready-made scripts: a bundler would break the threads.
/* global importScripts, tf */
importScripts(
  "/peers/@tensorflow/tfjs/dist/tf.min.js",
  "/peers/@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.min.js",
);

let ready;
async function start(threads) {
  // It uses half of the cores that it is told of, whatever number is asked for: told of twice as many, it
  // uses them all.
  Object.defineProperty(navigator, "hardwareConcurrency", { value: 2 * threads });
  tf.wasm.setWasmPaths(`${location.origin}/peers/@tensorflow/tfjs-backend-wasm/dist/`);
  tf.wasm.setThreadsCount(threads);
  if (!(await tf.setBackend("wasm"))) throw new Error("the wasm backend did not start");
  tf.enableProdMode();
  if (tf.wasm.getThreadsCount() !== threads)
    throw new Error(`${tf.wasm.getThreadsCount()} threads run, not ${threads}`);
}

async function main() {
  const { host } = await import("/web/bench/timing/host.mjs");
  const { repeat } = await import("/web/bench/timing/repeat.mjs");
  const { batches, values, weights } = await import("/bench/peers/data.mjs");

  // The backend computes at once and in the calling thread, so a result that exists is finished.
  // Transposed operands are copied into place first: its own transposing product is ten times slower.
  function product({ m, k, n, layout }) {
    const [first, second] = [layout[0] === "T", layout[1] === "T"];
    const a = tf.tensor2d(values(m * k), first ? [k, m] : [m, k]);
    const b = tf.tensor2d(values(k * n), second ? [n, k] : [k, n]);
    const once = () =>
      tf.tidy(() => tf.matMul(first ? tf.transpose(a) : a, second ? tf.transpose(b) : b));
    return {
      run: repeat(() => once().dispose()),
      dispose: () => tf.dispose([a, b]),
    };
  }

  async function training({ layers, batchSize }, way) {
    const data = (await batches(batchSize)).map(({ inputs, labels }) => ({
      x: tf.tensor2d(inputs, [batchSize, layers[0]]),
      y: tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(labels, "int32"), layers.at(-1)), "float32")),
    }));
    const w = [];
    const b = [];
    for (let layer = 1; layer < layers.length; layer++) {
      const [inputs, outputs] = [layers[layer - 1], layers[layer]];
      w.push(tf.variable(tf.tensor2d(weights(inputs, outputs), [inputs, outputs])));
      b.push(tf.variable(tf.zeros([outputs])));
    }
    const layerWays = {
      fused: (x, layer, activation) =>
        tf.fused.matMul({ a: x, b: w[layer], bias: b[layer], activation }),
      plain(x, layer, activation) {
        const z = tf.add(tf.matMul(x, w[layer]), b[layer]);
        return activation === "relu" ? tf.relu(z) : z;
      },
    };
    const forward = (x) =>
      w.reduce((x, _, l) => layerWays[way](x, l, l === w.length - 1 ? "linear" : "relu"), x);
    const adam = tf.train.adam(0.001);
    let batch = 0;
    const step = (returnCost) => {
      const { x, y } = data[batch++ % data.length];
      return adam.minimize(() => tf.losses.softmaxCrossEntropy(y, forward(x)), returnCost, [
        ...w,
        ...b,
      ]);
    };
    const steps = repeat(() => step(false));
    return {
      async run(milliseconds) {
        const { units, seconds } = await steps(milliseconds);
        return { units: units * batchSize, seconds };
      },
      about: await learns(() => step(true)),
      dispose() {
        adam.dispose();
        tf.dispose([w, b, data.map(({ x, y }) => [x, y])]);
      },
    };
  }

  // This is also the warm-up.
  async function learns(step) {
    const losses = [];
    for (let i = 0; i < 20; i++) {
      const cost = step();
      losses.push((await cost.data())[0]);
      cost.dispose();
    }
    return { losses };
  }

  host({
    async product({ product: shape, threads }) {
      await (ready ??= start(threads));
      return product(shape);
    },
    async training({ training: net, threads, way }) {
      await (ready ??= start(threads));
      return training(net, way);
    },
  });
}

void main();
