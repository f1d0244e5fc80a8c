#!/usr/bin/env bash
# ONNX Runtime: onnxruntime-web computes with onnxruntime-node once that is loaded, too
#
# Software: onnxruntime-web 1.30.0 and onnxruntime-node 1.30.0, both by require.
# Guess: two packages with an InferenceSession each: the web one runs its WebAssembly, the other its binary.
# Seen: both are one InferenceSession with one list of backends, where node's outrank web's: without
#   executionProviders web's sessions are native, even if web was loaded and used first. ["wasm"] keeps them in
#   WebAssembly, and so does importing both as modules instead.
# It matters for tests of an exported net "in web and in node": they compare node with itself and agree in
#   every bit.
# Documented: not in the packages' READMEs; the priorities are in the repository's pull request 12723.
. "$(dirname "$0")/lib.sh"
packages onnxruntime-web@1.30.0 onnxruntime-node@1.30.0
javascript <<'JS'
import { createRequire } from "node:module";
import { model } from "./onnx.mjs";
const port = { x: ["float32", [1]] };
const file = model(21, [["Relu", ["x"], ["y"]]], port, { y: port.x });
const native = async (ort, options) => {
  const session = await ort.InferenceSession.create(file, options);
  return session.handler.constructor.name === "OnnxruntimeSessionHandler" ? "native" : "WebAssembly";
};
const require = createRequire(import.meta.url);
const web = require("onnxruntime-web");
console.log("web alone:", await native(web));
const node = require("onnxruntime-node");
console.log("node:", await native(node));
console.log("web beside node:", await native(web));
console.log("web beside node, wasm:", await native(web, { executionProviders: ["wasm"] }));
console.log("one class:", web.InferenceSession === node.InferenceSession);
console.log("imported, web:", await native(await import("onnxruntime-web")));
JS
seen <<'SEEN'
web alone: WebAssembly
node: native
web beside node: native
web beside node, wasm: WebAssembly
one class: true
imported, web: WebAssembly
SEEN
