// `node tests/package/typescripts.mjs`: the types of the built package under old and new versions of TypeScript, with
// skipLibCheck off, with and without the library of `using`, for bundlers and for Node. It installs the
// versions into a temporary folder, and so is no part of `npm test`.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installPackage } from "./support.mjs";

const versions = ["5.0.4", "5.2.2", "5.6.3", "5.9.3", "7.0.2"];
const program = `
import { load, Trainer, type Tensor } from "lanegrad";
import { Net } from "lanegrad/predict";
import { readPictures, readTable } from "lanegrad/data";
import { exportNet } from "lanegrad/formats";
import { settings } from "lanegrad/settings";
import { LanegradLab } from "lanegrad/element";
const lg = await load();
class Scale extends lg.Layer {
  scale: Tensor = lg.ones([2], { requiresGrad: true });
  override forward(x: Tensor): Tensor {
    return x.mul(this.scale);
  }
}
const net = new lg.Net({ scale: new Scale(), dense: new lg.Dense(2, 1) });
const y: Tensor = lg.add(1, net.forward([[1, 2]])).relu();
const images = { kind: "images", images: new Uint8Array(16), shape: [4, 2, 2], labels: [0, 1, 0, 1], classes: 2 } as const;
const trainer = await Trainer.create({ data: { train: images }, validation: 0.25, signal: new AbortController().signal });
await trainer.train({ onProgress: ({ fraction }) => fraction.toFixed() });
const blob = new Blob([await trainer.save()]);
trainer.dispose();
export { blob, exportNet, LanegradLab, Net, readPictures, readTable, settings, y };
`;

const { folder, remove } = installPackage();
try {
  writeFileSync(join(folder, "program.mts"), program);
  let failed = false;
  for (const version of versions) {
    const place = join(folder, "versions", version);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, "package.json"), "{}");
    const install = ["install", "--no-audit", "--no-fund", `typescript@${version}`];
    execFileSync("npm", install, { cwd: place, stdio: "ignore" });
    for (const [module, moduleResolution] of [
      ["esnext", "bundler"],
      ["node16", "node16"],
    ]) {
      for (const lib of [
        ["es2022", "dom"],
        ["esnext", "dom"],
      ]) {
        const compilerOptions = {
          ...{ module, moduleResolution, lib, target: "es2022", types: [], noEmit: true },
          ...{ strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false },
        };
        const config = JSON.stringify({ compilerOptions, files: ["program.mts"] });
        writeFileSync(join(folder, "tsconfig.json"), config);
        const tsc = join(place, "node_modules/typescript/bin/tsc");
        const { status, stdout } = spawnSync("node", [tsc], { cwd: folder, encoding: "utf8" });
        console.log(`${version} ${moduleResolution} ${lib}: ${status === 0 ? "right" : stdout}`);
        failed ||= status !== 0;
      }
    }
  }
  process.exitCode = failed ? 1 : 0;
} finally {
  remove();
}
