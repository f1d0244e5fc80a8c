// What an editor shows of the package: whoever points at a class, a function or a type of it reads what it is for.
// TypeScript's own language server is asked, as editors ask it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { parseAst } from "rolldown/parseAst";
import { load } from "../../dist/index.js";
import { dist, installPackage, root } from "./support.mjs";

const { folder, remove } = installPackage();
after(remove);

/** TypeScript's language server, which answers one request after the other. */
class Server {
  #process = spawn(join(root, "node_modules/.bin/tsc"), ["--lsp", "--stdio"], { cwd: folder });
  #input = Buffer.alloc(0);
  #waiting = new Map();
  #id = 0;

  constructor() {
    this.#process.stdout.on("data", (data) => {
      this.#input = Buffer.concat([this.#input, data]);
      for (let message = this.#next(); message; message = this.#next()) this.#take(message);
    });
  }

  #next() {
    const end = this.#input.indexOf("\r\n\r\n");
    if (end < 0) return undefined;
    const size = Number(/Content-Length: (\d+)/i.exec(this.#input.subarray(0, end))[1]);
    if (this.#input.length < end + 4 + size) return undefined;
    const text = this.#input.subarray(end + 4, end + 4 + size);
    this.#input = this.#input.subarray(end + 4 + size);
    return JSON.parse(text);
  }

  #take({ id, method, result, error }) {
    if (method !== undefined) {
      // What the server asks for itself: settings, and leave to tell of its progress.
      if (id !== undefined) this.#send({ id, result: null });
      return;
    }
    const { resolve, reject } = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) reject(new Error(error.message));
    else resolve(result);
  }

  #send(message) {
    const text = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.#process.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  tell(method, params) {
    this.#send({ method, params });
  }

  ask(method, params) {
    const id = ++this.#id;
    this.#send({ id, method, params });
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  end() {
    this.#process.kill();
  }
}

const exported = parseAst(readFileSync(join(dist, "index.d.ts"), "utf8"), { lang: "dts" }).body;
const names = exported.flatMap(({ specifiers }) => specifiers.map(({ local }) => local.name));
const lg = await load();
// What is stripped from the types is not there to be pointed at.
const types = readFileSync(join(dist, "api/lanegrad.d.ts"), "utf8");
const own = Object.getOwnPropertyNames(Object.getPrototypeOf(lg)).filter((name) =>
  new RegExp(`^ +(get )?${name}[(<:]`, "m").test(types),
);
const members = [...Object.keys(lg), ...own].filter((name) => name !== "constructor");

// The element has types of its own, which no other entry gives away.
const ofElement = readFileSync(join(dist, "element.d.ts"), "utf8");
const elementNames = [...ofElement.matchAll(/^export (?:declare )?(?:class|interface) (\w+)/gm)]
  .map(([, name]) => name)
  .filter((name, i, all) => all.indexOf(name) === i);
const elementMembers = ["trainer", "start", "pause", "step", "reset"];

const lines = [
  ...names.map((name) => `export { type ${name} as _${name} } from "lanegrad";`),
  'import { load } from "lanegrad";',
  "const lg = await load();",
  ...elementNames.map((name) => `export { type ${name} as _${name} } from "lanegrad/element";`),
  'const lab = document.createElement("lanegrad-lab");',
  ...elementMembers.map((name) => `lab.${name};`),
  ...members.map((name) => `lg.${name};`),
];
const file = join(folder, "hover.mts");
const uri = pathToFileURL(file).href;
writeFileSync(file, lines.join("\n"));

test("whatever the package gives away says what it is for where an editor points at it", async () => {
  const server = new Server();
  try {
    await server.ask("initialize", {
      processId: process.pid,
      rootUri: pathToFileURL(folder).href,
      capabilities: { textDocument: { hover: { contentFormat: ["markdown"] } } },
    });
    server.tell("initialized", {});
    const textDocument = { uri, languageId: "typescript", version: 1, text: lines.join("\n") };
    server.tell("textDocument/didOpen", { textDocument });
    const bare = [];
    const shown = new Map();
    const pointed = [
      ...names,
      ...elementNames,
      ...members.map((member) => `lg.${member}`),
      ...elementMembers.map((member) => `lab.${member}`),
    ];
    for (const name of pointed) {
      const isMember = /^(?:lg|lab)\./.test(name);
      const begin = isMember ? `${name};` : `export { type ${name} as `;
      const line = lines.findIndex((text) => text.startsWith(begin));
      const character = isMember ? name.indexOf(".") + 1 : "export { type ".length;
      const position = { line, character };
      const hover = await server.ask("textDocument/hover", { textDocument: { uri }, position });
      const text = hover?.contents.value ?? "";
      shown.set(name, text);
      // The signature stands in a block of code; what is said follows it.
      if (!/[a-z]{3}/.test(text.replace(/```[^]*?```/g, ""))) bare.push(name);
    }
    assert.ok(names.length > 60 && members.length > 60, `${names.length}, ${members.length}`);
    assert.match(shown.get("lg.Dense"), /matrix product/);
    assert.match(shown.get("lg.relu"), /max\(x, 0\)/);
    assert.match(shown.get("Trainer"), /worker/);
    assert.match(shown.get("LanegradLab"), /learns to read digits/);
    assert.deepEqual(bare, []);
  } finally {
    server.end();
  }
});
