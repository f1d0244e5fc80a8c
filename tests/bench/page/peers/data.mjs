// What the peers train on: ready batches of numbers, made beforehand from the real images. The generous way:
// neither decoding nor shuffling is part of their time.

const different = 8; // batches, used in turn

async function bytes(name) {
  const response = await fetch(`/mnist/${name}`);
  return new Uint8Array(await response.arrayBuffer());
}

export async function batches(batchSize) {
  const [images, labels] = await Promise.all([
    bytes("train-images-idx3-ubyte"),
    bytes("train-labels-idx1-ubyte"),
  ]);
  return Array.from({ length: different }, (_, batch) => {
    const first = batch * batchSize;
    const pixels = images.subarray(16 + first * 784, 16 + (first + batchSize) * 784);
    return {
      inputs: Float32Array.from(pixels, (pixel) => pixel / 255), // [N, 784]
      labels: Int32Array.from(labels.subarray(8 + first, 8 + first + batchSize)), // [N]
    };
  });
}

/** Numbers between -1 and 1. */
export const values = (count) => Float32Array.from({ length: count }, (_, i) => Math.sin(i * 1.7));

/** A dense layer's first weights, [I, O]: uniform within ±1/√I. */
export const weights = (inputs, outputs) =>
  Float32Array.from(
    { length: inputs * outputs },
    () => (Math.random() * 2 - 1) / Math.sqrt(inputs),
  );
