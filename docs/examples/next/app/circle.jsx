"use client";

// A component that trains in the browser; on the server it is rendered like any other.
import { Trainer } from "lanegrad";
import "lanegrad/element";
import { useEffect, useState } from "react";

const inputs = Float32Array.from({ length: 2000 }, () => Math.random() * 2 - 1); // 1000 points
const inside = (_, i) => Number(Math.hypot(inputs[2 * i], inputs[2 * i + 1]) < 0.7);
const labels = Array.from({ length: 1000 }, inside);
const data = { train: { kind: "labels", inputs, shape: [1000, 2], labels, classes: 2 } };

export function Circle({ epochs }) {
  const [text, setText] = useState("It starts.");
  useEffect(() => {
    const gone = new AbortController();
    const { signal } = gone;
    let trainer;
    const train = async () => {
      trainer = await Trainer.create({
        data,
        net: "dense 32, relu, dense classes",
        optimizer: { name: "adam", learningRate: 0.01 },
        signal,
      });
      await trainer.train({
        epochs,
        signal,
        onProgress: ({ fraction }) => setText(`${Math.round(100 * fraction)} %`),
      });
      const [, middle, , corner] = await trainer.predict(Float32Array.of(0, 0, 1, 1), 2);
      setText(`inside: the middle with ${middle.toFixed(3)}, the corner with ${corner.toFixed(3)}`);
    };
    train().catch((error) => {
      if (!signal.aborted) setText(error.message);
    });
    return () => {
      gone.abort();
      trainer?.dispose();
    };
  }, [epochs]);
  return (
    <p>
      <output>{text}</output>
    </p>
  );
}
