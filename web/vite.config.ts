// Builds the page into build/web: static files with relative addresses, for any host and any
// subfolder.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { groups } from "./chunks.ts";
import { metaPolicy } from "./csp.mjs";
import { prepareData } from "./data/prepare_mnist.mjs";
import { docs } from "./docs/plugin.ts";
import { headerFiles, isolation } from "./headers.mjs";
import { labs } from "./labs.ts";
import { leanUplot } from "./lean_uplot.ts";
import { lessonOf } from "./lesson/lesson.ts";
import { included, markupOf, writtenOut } from "./markup.ts";
import { listOfTerms } from "./ui/glossary/list.ts";

const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
const publicFolder = `${root}/build/public`;

function mnist(): Plugin {
  return { name: "mnist", buildStart: () => prepareData(`${publicFolder}/mnist`) };
}

// Puts the labs into the page: their links, their containers, and all that the first one shows, so
// that it is painted before any script has come; and the terms into the glossary.
function labsInPage(): Plugin {
  const [first] = labs;
  const folder = `${root}/web/labs/${first.name}`;
  const link = ({ name, title }: (typeof labs)[number]) =>
    name === first.name
      ? `<a class="here" href="./" data-lab="${name}" aria-current="page">${title}</a>`
      : `<a class="here" href="?lab=${name}" data-lab="${name}">${title}</a>`;
  const container = ({ name }: (typeof labs)[number]) =>
    name === first.name
      ? `<div id="${name}">${markupOf(`${folder}/${name}.html`)}</div>`
      : `<div id="${name}" hidden></div>`;
  return {
    name: "labs-in-page",
    transformIndexHtml: {
      order: "pre",
      handler(text, { path }) {
        const html = included(text, `${root}/web`);
        if (path === "/glossary.html") return html.replace("<!-- terms -->", listOfTerms);
        if (path !== "/index.html") return writtenOut(html);
        const href = `./labs/${first.name}/${first.name}.css`;
        return {
          html: html
            .replace("<!-- links -->", () => labs.map(link).join("\n"))
            .replace("<!-- labs -->", () => labs.map(container).join("\n")),
          tags: [{ tag: "link", attrs: { rel: "stylesheet", href }, injectTo: "head" }],
        };
      },
    },
    handleHotUpdate({ file, server }) {
      if (file.startsWith(folder) && file.endsWith(".html"))
        server.ws.send({ type: "full-reload" });
    },
  };
}

// Puts the lesson into its page, from the one text that there is of it.
function lesson(): Plugin {
  const file = `${root}/docs/lesson.md`;
  return {
    name: "lesson",
    transformIndexHtml: {
      order: "pre",
      handler: (html, { path }) =>
        path === "/lesson.html"
          ? html.replace("<!-- docs/lesson.md -->", () => lessonOf(readFileSync(file, "utf8")))
          : html,
    },
  };
}

// Writes the manifest by which browsers install the page as an app, and its icon: both beside the page, since their
// addresses are relative to it.
function manifest(): Plugin {
  const href = "manifest.webmanifest";
  return {
    name: "manifest",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (_, { path }) =>
        path === "/index.html"
          ? [{ tag: "link", attrs: { rel: "manifest", href: `./${href}` } }]
          : [],
    },
    generateBundle() {
      const icon = { src: "icon.svg", sizes: "any", type: "image/svg+xml" };
      const source = JSON.stringify({
        name: "lanegrad: a network learns to read digits",
        short_name: "lanegrad",
        id: "./",
        start_url: "./",
        scope: "./",
        display: "standalone",
        background_color: "#fcfbf8",
        theme_color: "#fcfbf8",
        icons: [icon],
      });
      this.emitFile({ type: "asset", fileName: href, source });
      const drawing = readFileSync(`${root}/web/favicon.svg`);
      this.emitFile({ type: "asset", fileName: icon.src, source: drawing });
    },
  };
}

// Gives scripts the HTML that they import as text, with what it includes.
function htmlAsText(): Plugin {
  return {
    name: "html-as-text",
    enforce: "pre",
    load(id) {
      const [, file] = /^(.+\.html)\?raw$/.exec(id) ?? [];
      return file && `export default ${JSON.stringify(markupOf(file))}`;
    },
  };
}

// Puts the policy into the page, for hosts that send no headers. It comes first in the head, since
// it governs only what follows.
function contentSecurityPolicy(): Plugin {
  return {
    name: "content-security-policy",
    apply: "build",
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: metaPolicy },
        injectTo: "head-prepend",
      },
    ],
  };
}

// Writes the headers into files, for hosts that read them from there.
function headers(): Plugin {
  return {
    name: "headers",
    generateBundle() {
      for (const [fileName, source] of Object.entries(headerFiles)) {
        this.emitFile({ type: "asset", fileName, source });
      }
    },
  };
}

function packageIsBuilt(): Plugin {
  return {
    name: "package-is-built",
    buildStart() {
      if (!existsSync(`${root}/dist/index.js`)) {
        this.error("the package is not built (dist/index.js is missing): run `npm start`");
      }
    },
  };
}

// While `npm run dev` runs, builds the package anew when its sources change, one build at a time, and
// then loads the page anew. What the engine's own sources are needs `npm run build:module`.
function packageOnChange(): Plugin {
  const sources = `${root}/wasm/src/`;
  return {
    name: "package-on-change",
    apply: "serve",
    config: () => ({ server: { watch: { ignored: [`${root}/dist/**`] } } }),
    configureServer({ watcher, ws, config, environments }) {
      const build = () =>
        new Promise<void>((done) => {
          execFile("node", [`${root}/wasm/package.mjs`], (error, stdout, stderr) => {
            if (error) config.logger.error(stdout + stderr);
            environments.client.moduleGraph.invalidateAll();
            ws.send({ type: "full-reload" });
            done();
          });
        });
      let builds = Promise.resolve();
      let soon: ReturnType<typeof setTimeout> | undefined;
      watcher.add(sources).on("all", (_, file) => {
        if (!file.startsWith(sources)) return;
        clearTimeout(soon);
        soon = setTimeout(() => {
          builds = builds.then(build);
        }, 50);
      });
    },
  };
}

// Writes the licences of what the page contains of others.
function licenses(): Plugin {
  const packages = [
    "fflate",
    "jsep",
    "uplot",
    "@fontsource-variable/source-sans-3",
    "@fontsource-variable/source-serif-4",
  ];
  return {
    name: "licenses",
    generateBundle() {
      const texts = packages.map((name) => {
        const text = readFileSync(`${root}/node_modules/${name}/LICENSE`, "utf8").trim();
        return `# ${name}\n\n${text}\n`;
      });
      texts.push(readFileSync(`${root}/dist/licenses.txt`, "utf8"));
      this.emitFile({ type: "asset", fileName: "licenses.md", source: texts.join("\n") });
    },
  };
}

// Writes the service worker, last of all, since it lists every file of the page. The page itself
// keeps MNIST, and of the documents their list alone is stored.
function serviceWorker(): Plugin {
  const folder = `${root}/build/web`;
  const left = ["_headers", "vercel.json", "service_worker.js"];
  return {
    name: "service-worker",
    apply: "build",
    enforce: "post",
    writeBundle() {
      const files = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => relative(folder, `${parentPath}/${name}`))
        .filter((path) => !/^(?:mnist\/|docs\/(?!index\.html))/.test(path) && !left.includes(path))
        .sort()
        .map((path) => ({ path, sha256: sha256(readFileSync(`${folder}/${path}`)) }));
      const version = sha256(JSON.stringify(files)).slice(0, 16);
      const build = JSON.stringify({ version, files, headers: isolation });
      const source = readFileSync(`${root}/web/shell/service_worker.js`, "utf8");
      writeFileSync(`${folder}/service_worker.js`, `const build = ${build};\n${source}`);
    },
  };
}

const sha256 = (data: string | Buffer) => createHash("sha256").update(data).digest("hex");

// No reading of a property does anything here: what is made of others' properties and never used is left out.
const treeshake = { propertyReadSideEffects: false } as const;

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  publicDir: publicFolder,
  plugins: [
    packageIsBuilt(),
    packageOnChange(),
    mnist(),
    labsInPage(),
    lesson(),
    htmlAsText(),
    leanUplot(),
    contentSecurityPolicy(),
    headers(),
    manifest(),
    licenses(),
    docs(root),
    serviceWorker(),
  ],
  server: {
    // Vite's own scripts and styles are inline, so that the page's policy is none of these.
    headers: { ...isolation, "Cross-Origin-Resource-Policy": "cross-origin" },
    fs: { allow: [root] },
  },
  build: {
    outDir: `${root}/build/web`,
    emptyOutDir: true,
    target: "es2022",
    // Without the polyfill, browsers from before 2023 only load a little later. Of a part of a lab only the
    // styles are named beforehand, since the scripts that it shares are mostly there.
    modulePreload: {
      polyfill: false,
      resolveDependencies: (part, needed, { hostType }) =>
        hostType === "html" || part.includes("/lab-")
          ? needed
          : needed.filter((file) => file.endsWith(".css")),
    },
    rolldownOptions: {
      treeshake,
      input: ["index", "bench", "lesson", "glossary", "begin_anew", "docs"].map(
        (page) => `${root}/web/${page}.html`,
      ),
      output: {
        codeSplitting: {
          groups,
        },
      },
      // Packing MNIST takes a while, but only once.
      checks: { pluginTimings: false },
    },
  },
  worker: { format: "es", rolldownOptions: { treeshake, checks: { pluginTimings: false } } },
});
