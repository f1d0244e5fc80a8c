// The package as it is published: packed, unpacked, looked at.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Packs the project and unpacks it again; the folder that dependents would see. */
export function unpackPackage() {
  const place = join(root, "build/bench");
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  const [{ filename }] = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", place], {
      cwd: root,
      stdio: ["ignore", "pipe", "ignore"],
    }),
  );
  execFileSync("tar", ["-xf", join(place, filename), "-C", place]);
  return join(place, "package");
}

/** The builds of the engine in it, one-thread builds first. */
export function variantsOf(packageFolder) {
  const known = ["simd", "relaxed", "simd-threads", "relaxed-threads"];
  const engine = join(packageFolder, "dist/engine");
  return known.filter((variant) => existsSync(join(engine, variant, "engine.wasm")));
}

const brotli = (path) => brotliCompressSync(readFileSync(path)).length;

/**
 * Bytes after brotli, file by file, as a server would send them: of the API's scripts, and of each build, to whose
 * glue the script of its helpers counts; and of lanegrad/predict with its modules.
 */
export function sizesOf(packageFolder) {
  const dist = join(packageFolder, "dist");
  const helper = "helper.js";
  // Entries of their own, which share nothing with the others.
  const predict = "predict.js";
  const apart = [helper, predict, "data.js", "data_worker.js", "picture_decoder.js"];
  const scripts = readdirSync(dist).filter((name) => name.endsWith(".js") && !apart.includes(name));
  return {
    predict: {
      script: brotli(join(dist, predict)),
      wasm: ["simd", "relaxed"].map((variant) =>
        brotli(join(dist, "predict", variant, "predict.wasm")),
      ),
    },
    scripts: scripts.map((name) => ({ name, bytes: brotli(join(dist, name)) })),
    builds: variantsOf(packageFolder).map((variant) => ({
      variant,
      wasm: brotli(join(dist, "engine", variant, "engine.wasm")),
      glue:
        brotli(join(dist, "engine", variant, "engine.mjs")) +
        (variant.endsWith("-threads") ? brotli(join(dist, helper)) : 0),
    })),
  };
}
