// Node: trains in a thread of its own, saves the net, and answers with the file alone. `npm install`, then `npm start`.
import { readFile, writeFile } from "node:fs/promises";
import { Trainer } from "lanegrad";
import { Net } from "lanegrad/predict";

const inputs = Float32Array.from({ length: 2000 }, () => Math.random() * 2 - 1); // 1000 points
const inside = (_, i) => Number(Math.hypot(inputs[2 * i], inputs[2 * i + 1]) < 0.7);
const labels = Array.from({ length: 1000 }, inside);

const trainer = await Trainer.create({
  data: { train: { kind: "labels", inputs, shape: [1000, 2], labels, classes: 2 } },
  net: "dense 32, relu, dense classes",
  optimizer: { name: "adam", learningRate: 0.01 },
});
const { results } = await trainer.train({ epochs: 40 });
console.log(`accuracy ${results.at(-1).trainAccuracy.toFixed(3)}`);
await writeFile("net.safetensors", await trainer.save());
trainer.dispose();

const net = await Net.load(await readFile("net.safetensors"));
const { probabilities } = net.predict(Float32Array.of(0, 0, 1, 1)); // two points
const [, middle, , corner] = probabilities;
console.log(`inside: the middle with ${middle.toFixed(3)}, the corner with ${corner.toFixed(3)}`);
