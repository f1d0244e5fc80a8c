// The package in this Node, in Bun and in Deno.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { testRuntimes } from "./runtimes.mjs";

const installed = (path) => fileURLToPath(new URL(`node_modules/${path}`, import.meta.url));
const [bun, deno] = ["@oven/bun-linux-x64/bin/bun", "@deno/linux-x64-glibc/deno"].map(installed);
const missing = (program) => (existsSync(program) ? undefined : "it is not installed");

testRuntimes([
  { name: "Node", says: `Node ${process.versions.node}`, command: [process.execPath] },
  { name: "Bun", says: "Bun", command: [bun], missing: missing(bun) },
  {
    name: "Deno",
    says: "Deno",
    command: [deno, "run", "--allow-read"],
    all: ["run", "--allow-all"],
    missing: missing(deno),
  },
]);
