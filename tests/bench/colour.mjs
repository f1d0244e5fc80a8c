// node tests/bench/colour.mjs [NET …]: how fast nets train on images in colour, 3 × 32 × 32, against the same nets on
// grey ones, natively and in one thread. --rounds N: slices of each.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { quantile } from "../../web/bench/timing/slices.mjs";
import { load } from "../../dist/index.js";
import { openEngine, runnerOf } from "./native.mjs";

const usual = [
  "conv 16 3x3 pad same, relu, pool 2, conv 32 3x3 pad same, relu, pool 2, dense 64, relu, dense classes",
  "conv 24 5x5, pool 2, relu, dense 128, relu, dense classes",
];
const side = 32;
const count = 2000;
const slice = 250;

// What is kept of what the FLOPs promise is wanted to be at least this much.
const wanted = 0.8;

function idxFile(extents, values) {
  const header = new DataView(new ArrayBuffer(4 + 4 * extents.length));
  header.setUint32(0, 0x800 + extents.length);
  extents.forEach((extent, i) => header.setUint32(4 + 4 * i, extent));
  return Buffer.concat([new Uint8Array(header.buffer), values]);
}

/** Files of images that are nowhere black, as photographs are. */
function makeFiles(folder) {
  const noise = (size) => Uint8Array.from({ length: size }, () => 1 + Math.random() * 255);
  const labels = join(folder, "labels");
  writeFileSync(
    labels,
    idxFile(
      [count],
      Uint8Array.from({ length: count }, (_, i) => i % 10),
    ),
  );
  return [1, 3].map((channels) => {
    const images = join(folder, `images-${channels}`);
    const extents = [count, channels, side, side];
    writeFileSync(images, idxFile(extents, noise(count * channels * side * side)));
    return { channels, images, labels };
  });
}

const { values, positionals } = parseArgs({
  options: { rounds: { type: "string", default: "15" } },
  allowPositionals: true,
});
const folder = mkdtempSync(join(tmpdir(), "lanegrad-colour-"));
const engine = openEngine();
try {
  const files = makeFiles(folder);
  const lg = await load();
  for (const net of positionals.length > 0 ? positionals : usual) {
    const subjects = [];
    for (const { channels, images, labels } of files) {
      const training = { net, batchSize: 64, images, labels };
      const { stepFlops } = lg.describe(net, { inputs: [channels, side, side], outputs: 10 });
      subjects.push({ stepFlops, ...(await runnerOf(engine, { kind: "training", training })) });
    }
    const [grey, colour] = subjects;
    const rate = async ({ run }) => {
      const { units, seconds } = await run(slice);
      return units / seconds;
    };
    for (const subject of subjects) await rate(subject); // warm
    const rounds = [];
    for (let round = 0; round < Number(values.rounds); round++) {
      const before = await rate(grey);
      const ours = await rate(colour);
      rounds.push({
        grey: before,
        colour: ours,
        ratio: (2 * ours) / (before + (await rate(grey))),
      });
    }
    const median = (name) =>
      quantile(
        rounds.map((each) => each[name]),
        0.5,
      );
    const promised = grey.stepFlops / colour.stepFlops;
    const kept = median("ratio") / promised;
    console.log(net);
    console.log(
      `  grey ${median("grey").toFixed(0)}/s, colour ${median("colour").toFixed(0)}/s: ` +
        `${median("ratio").toFixed(2)} of ${promised.toFixed(2)} by FLOPs, ${kept.toFixed(2)} kept, wanted ${wanted}`,
    );
    if (!(kept >= wanted)) process.exitCode = 1;
    for (const { dispose } of subjects) await dispose();
  }
} finally {
  engine.close();
  rmSync(folder, { recursive: true, force: true });
}
