// The package as it is published: packed, unpacked, looked at.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

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

function brotli(path) {
  const bytes = readFileSync(path);
  // The best quality takes long for a file that large.
  const quality = bytes.length > 2 ** 20 ? 9 : constants.BROTLI_MAX_QUALITY;
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } })
    .length;
}

/**
 * Bytes after brotli, file by file, as a server would send them: of each script, of each build of the engine, and of
 * lanegrad/predict with its modules. No script loads another one to begin with.
 */
export function sizesOf(packageFolder) {
  const dist = join(packageFolder, "dist");
  const sizes = Object.fromEntries(
    readdirSync(dist)
      .filter((name) => name.endsWith(".js"))
      .map((name) => [name, brotli(join(dist, name))]),
  );
  return {
    sizes,
    predict: {
      script: sizes["predict.js"],
      wasm: ["simd", "relaxed"].map((variant) =>
        brotli(join(dist, "predict", variant, "predict.wasm")),
      ),
    },
    builds: variantsOf(packageFolder).map((variant) => ({
      variant,
      wasm: brotli(join(dist, "engine", variant, "engine.wasm")),
    })),
  };
}
