// TensorFlow.js with its plain JavaScript backend (cpu) and its wasm backend.
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";

setWasmPaths(new URL("node_modules/@tensorflow/tfjs-backend-wasm/dist/", import.meta.url).pathname);

export { tf };

/** Prints `name backend: what f returns` for each backend, tensors as their values. */
export async function both(name, f) {
  for (const backend of ["cpu", "wasm"]) {
    await tf.setBackend(backend);
    const answer = await f();
    const values = answer.dataSync ? Array.from(answer.dataSync()) : answer;
    console.log(`${name} ${backend}:`, values);
  }
}
