// How a fresh project of each bundler looks, as its own documentation says, and nothing of lanegrad in it.
import { cpSync } from "node:fs";
import { join } from "node:path";

const html = (script, type = "module") =>
  `<!doctype html><html><head><link rel="icon" href="data:," /><script type="${type}" src="${script}" defer></script></head><body></body></html>`;
const esm = { "package.json": '{ "private": true, "type": "module" }' };
const vite = (version) => ({
  packages: [`vite@${version}`],
  files: { ...esm, "index.html": html("/main.js") },
  build: ["vite", "build"],
  serve: (port) => ["vite", "--port", port, "--strictPort", "--host", "127.0.0.1"],
  out: "dist",
});

/**
 * Name → its packages, files, command and folder of output; `serve` is the command of its development server, where it
 * is tried.
 */
export const tools = {
  "Vite 8.4.0": vite("8.4.0"),
  "Vite 7.3.8": vite("7.3.8"),
  "Vite 6.4.6": vite("6.4.6"),
  "esbuild 0.28.2": {
    packages: ["esbuild@0.28.2"],
    files: { ...esm, "out/index.html": html("main.js") },
    build: ["esbuild", "main.js", "--bundle", "--format=esm", "--outdir=out", "--log-level=error"],
    out: "out",
  },
  "esbuild 0.28.2, iife": {
    packages: ["esbuild@0.28.2"],
    files: { ...esm, "out/index.html": html("main.js", "text/javascript") },
    build: ["esbuild", "main.js", "--bundle", "--outdir=out", "--log-level=error"],
    out: "out",
  },
  "Rollup 4.68.8": {
    packages: ["rollup@4.68.8", "@rollup/plugin-node-resolve@16.0.3"],
    files: { ...esm, "out/index.html": html("main.js") },
    build: ["rollup", "main.js", "--dir", "out", "--silent", "-p", "@rollup/plugin-node-resolve"],
    out: "out",
  },
  "webpack 5.113.0": {
    packages: ["webpack@5.113.0", "webpack-cli@7.2.3"],
    files: {
      ...esm,
      "dist/index.html": html("main.js", "text/javascript"),
      "webpack.config.js": 'export default { mode: "production", entry: "./main.js" };',
    },
    build: ["webpack"],
    out: "dist",
  },
  "Rspack 2.3.3": {
    packages: ["@rspack/core@2.3.3", "@rspack/cli@2.2.8"],
    files: {
      ...esm,
      "dist/index.html": html("main.js", "text/javascript"),
      "rspack.config.js": 'export default { mode: "production", entry: "./main.js" };',
    },
    build: ["rspack", "build"],
    out: "dist",
  },
  "Parcel 2.16.4": {
    packages: ["parcel@2.16.4"],
    files: { "package.json": '{ "private": true }', "src/index.html": html("../main.js") },
    build: ["parcel", "build", "src/index.html", "--no-cache"],
    serve: (port) => ["parcel", "src/index.html", "--no-cache", "--port", port],
    out: "dist",
  },
  "Bun 1.4.5": {
    packages: ["bun@1.4.5"],
    scripts: true, // its binary comes by a script of the package
    files: { ...esm, "out/index.html": html("main.js") },
    build: ["bun", "build", "main.js", "--outdir", "out"],
    out: "out",
  },
  "Next 16.4.6": {
    packages: ["next@16.4.6", "react@19.3.1", "react-dom@19.3.1"],
    files: {
      "package.json": '{ "private": true }',
      "next.config.mjs": 'export default { output: "export" };',
      "app/layout.jsx":
        "export default function Layout({ children }) { return <html><body>{children}</body></html>; }",
      "app/page.jsx": 'import Run from "./run"; export default function Page() { return <Run />; }',
      "app/run.jsx":
        '"use client"; import { useEffect } from "react"; import { main } from "../main.js"; export default function Run() { useEffect(() => { main(); }, []); return null; }',
    },
    build: ["next", "build"],
    out: "out",
  },
  "no bundler, import map": {
    packages: [],
    files: {
      "package.json": '{ "private": true }',
      "index.html": html("main.js").replace(
        "<script",
        `<script type="importmap">{ "imports": { "lanegrad": "./node_modules/lanegrad/dist/index.js", "lanegrad/inline": "./node_modules/lanegrad/dist/inline.js" } }</script><script`,
      ),
    },
    out: ".",
  },
};

/** What has to lie beside a bundle of esbuild, Rollup or Bun where it is not lanegrad/inline. */
export function copyBeside(folder, out) {
  const from = join(folder, "node_modules/lanegrad/dist");
  for (const name of ["worker.js", "helper.js", "explanation.js", "engine"]) {
    cpSync(join(from, name), join(folder, out, name), { recursive: true });
  }
}
