// A net learns which points lie inside a circle, in a worker, and answers for two points.
import { Trainer } from "lanegrad";

const show = (text) => {
  document.querySelector("output").textContent = text;
};

const inputs = Float32Array.from({ length: 2000 }, () => Math.random() * 2 - 1); // 1000 points
const inside = (_, i) => Number(Math.hypot(inputs[2 * i], inputs[2 * i + 1]) < 0.7);
const labels = Array.from({ length: 1000 }, inside);

try {
  const trainer = await Trainer.create({
    data: { train: { kind: "labels", inputs, shape: [1000, 2], labels, classes: 2 } },
    net: "dense 32, relu, dense classes",
    optimizer: { name: "adam", learningRate: 0.01 },
  });
  await trainer.train({
    epochs: 40,
    onProgress: ({ fraction, trainLoss }) => show(`${Math.round(100 * fraction)} %: ${trainLoss}`),
  });
  const [, middle, , corner] = await trainer.predict(Float32Array.of(0, 0, 1, 1), 2);
  show(`inside: the middle with ${middle.toFixed(3)}, the corner with ${corner.toFixed(3)}`);
  trainer.dispose();
} catch (error) {
  show(error.message); // one sentence, which people can read
}
