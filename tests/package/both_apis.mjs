// What a page does with both APIs, for the tests of every browser: it runs in the page, which has `window.data`, and knows
// nothing of here.
export async function useBothApis() {
  const { load, Trainer } = await import("/package/index.js");
  const lg = await load();
  const product = lg.tensor([[1, 2]]).matmul([[3], [4]]).item(); // prettier-ignore
  const trainer = await Trainer.create({
    data: window.data,
    net: "dense 16, relu, dense classes",
    optimizer: { name: "adam", learningRate: 0.02 },
  });
  let messages = 0;
  const { results } = await trainer.train({ epochs: 60, onProgress: () => messages++ });
  const answers = [...(await trainer.predict(Float32Array.of(0, 0), 1))];
  trainer.dispose();
  const accuracy = results.at(-1).trainAccuracy;
  return { product, accuracy, answers, messages, variant: trainer.variant };
}
