// Answers of other programs for the nets that native/exported_nets.cpp has written.
import { readFile } from "node:fs/promises";

export const floats = async (path) => {
  const bytes = await readFile(path);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
};

export const netsIn = async (folder) => JSON.parse(await readFile(`${folder}/nets.json`, "utf8"));

const kMost = 1000; // rows a call

/** Calls `answer` with the inputs of at most kMost rows and joins what it gives. */
async function inPieces(inputs, rows, answer) {
  const pieces = [];
  const width = inputs.length / rows;
  for (let begin = 0; begin < rows; begin += kMost) {
    const count = Math.min(kMost, rows - begin);
    const answers = await answer(inputs.subarray(begin * width, (begin + count) * width), count);
    pieces.push(...answers);
  }
  return Float32Array.from(pieces);
}

/**
 * The answers of an ONNX file in onnxruntime-node, "cpu", or onnxruntime-web, "wasm". The provider is named because
 * both packages share a list of them: where both are loaded, either would take the first of it.
 */
export async function onnxAnswers(ort, provider, path, { sample, count }, inputs) {
  const session = await ort.InferenceSession.create(new Uint8Array(await readFile(path)), {
    executionProviders: [provider],
    logSeverityLevel: 3,
  });
  const [input] = session.inputNames;
  const [output] = session.outputNames;
  const answers = await inPieces(inputs, count, async (data, rows) => {
    const answer = await session.run({
      [input]: new ort.Tensor("float32", data, [rows, ...sample]),
    });
    return answer[output].data;
  });
  await session.release();
  return answers;
}

/** [N, C, H, W] → [N, H, W, C]; rows of numbers stay as they are. */
function channelsLast(inputs, [channels, height, width]) {
  if (height === undefined || channels === 1) return inputs;
  const places = height * width;
  const size = channels * places;
  return inputs.map((_, i) => {
    const within = i % size;
    return inputs[i - within + (within % channels) * places + Math.floor(within / channels)];
  });
}

/** The answers of a layers model in TensorFlow.js. */
export async function tfjsAnswers(tf, path, { sample, count }, inputs) {
  const { modelTopology, weightsManifest, userDefinedMetadata } = JSON.parse(
    await readFile(path, "utf8"),
  );
  const [{ paths, weights }] = weightsManifest;
  const weightData = (await floats(path.replace(/[^/]*$/, paths[0]))).buffer;
  const model = await tf.loadLayersModel(
    tf.io.fromMemory({ modelTopology, weightSpecs: weights, weightData, userDefinedMetadata }),
  );
  const [channels, height, width] = sample;
  const shape = height === undefined ? [channels] : [height, width, channels];
  const answers = await inPieces(channelsLast(inputs, sample), count, (data, rows) =>
    tf.tidy(() => model.predict(tf.tensor(data, [rows, ...shape])).dataSync()),
  );
  model.dispose();
  return answers;
}

/** The largest difference of two lists of numbers; Infinity where one of them has another length or is no number. */
export function worst(answers, expected) {
  if (answers.length !== expected.length) return Infinity;
  let most = 0;
  answers.forEach((answer, i) => {
    const apart = Math.abs(answer - expected[i]);
    most = Number.isNaN(apart) ? Infinity : Math.max(most, apart);
  });
  return most;
}
