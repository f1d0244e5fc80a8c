// The server: headers, types, what lies outside, and a port that is taken.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { get } from "node:http";
import { createServer } from "node:net";
import { after, before, test } from "node:test";
import { brotliDecompressSync } from "node:zlib";
import { root, servePage } from "./support.mjs";

let site;
before(async () => (site = await servePage()));
after(() => site.close());

// fetch() tidies paths before it sends them; this does not.
function raw(path, headers = {}) {
  return new Promise((done, fail) => {
    const { hostname, port } = new URL(site.address);
    get({ hostname, port, path, headers }, (response) => {
      let body = "";
      response.setEncoding("latin1");
      response.on("data", (chunk) => (body += chunk));
      response.on("end", () =>
        done({ status: response.statusCode, headers: response.headers, body }),
      );
    }).on("error", fail);
  });
}

test("every response carries the policy and isolates the page", async () => {
  const page = await raw("/");
  const script = page.body.match(/src="\.\/(assets\/[^"]+\.js)"/)[1];
  for (const path of ["/", `/${script}`, "/mnist/t10k-labels-idx1-ubyte.gz", "/nowhere"]) {
    const { headers } = await raw(path);
    assert.match(headers["content-security-policy"], /script-src 'self' 'wasm-unsafe-eval';/);
    assert.equal(headers["cross-origin-opener-policy"], "same-origin");
    assert.equal(headers["cross-origin-embedder-policy"], "require-corp");
    assert.equal(headers["cross-origin-resource-policy"], "cross-origin");
    assert.equal(headers["document-isolation-policy"], "isolate-and-require-corp");
  }
  assert.match(page.headers["content-type"], /^text\/html/);
  assert.match((await raw(`/${script}`)).headers["content-type"], /^text\/javascript/);
  const data = await raw("/mnist/t10k-labels-idx1-ubyte.gz");
  assert.equal(data.headers["content-encoding"], undefined);
  assert.equal(Number(data.headers["content-length"]), data.body.length);
});

test("text and WebAssembly come compressed to whoever takes that", async () => {
  const page = await raw("/");
  const script = page.body.match(/src="\.\/(assets\/[^"]+\.js)"/)[1];
  for (const path of ["/", `/${script}`]) {
    const plain = await raw(path);
    assert.equal(plain.headers["content-encoding"], undefined);
    const { headers, body } = await raw(path, { "Accept-Encoding": "gzip, br" });
    assert.equal(headers["content-encoding"], "br");
    assert.equal(headers["vary"], "Accept-Encoding");
    assert.equal(Number(headers["content-length"]), body.length);
    const unpacked = brotliDecompressSync(Buffer.from(body, "latin1"));
    assert.equal(unpacked.toString("latin1"), plain.body);
  }
  const data = await raw("/mnist/t10k-labels-idx1-ubyte.gz", { "Accept-Encoding": "br" });
  assert.equal(data.headers["content-encoding"], undefined);
});

test("the built page brings the same headers for hosts that read them from a file", async () => {
  const { headers: sent } = await raw("/");
  const { body } = await raw("/_headers");
  const [path, ...lines] = body.trimEnd().split("\n");
  assert.equal(path, "/*");
  const listed = lines.map((line) => line.match(/^ {2}([\w-]+): (.+)$/).slice(1));
  const [{ source, headers }] = JSON.parse((await raw("/vercel.json")).body).headers;
  assert.equal(source, "/(.*)");
  assert.deepEqual(
    headers.map(({ key, value }) => [key, value]),
    listed,
  );
  for (const [name, value] of listed) assert.equal(sent[name.toLowerCase()], value);
  const policies = Object.keys(sent).filter((name) => /policy$|^x-/.test(name));
  assert.deepEqual(listed.map(([name]) => name.toLowerCase()).sort(), policies.sort());
});

test("nothing outside the folder is served", async () => {
  for (const path of [
    "/../package.json",
    "/%2e%2e/%2e%2e/package.json",
    "/..%2f..%2fpackage.json",
    "/a%00b",
    "/%",
  ]) {
    assert.equal((await raw(path)).status, 404, path);
  }
});

test("an unchanged file is not sent twice", async () => {
  const { headers } = await raw("/");
  const again = await raw("/", { "If-None-Match": headers.etag });
  assert.equal(again.status, 304);
  assert.equal(again.body, "");
});

test("a taken port: the next free one, and it says so", async () => {
  const blocker = createServer().listen(0, "127.0.0.1");
  await once(blocker, "listening");
  const { port } = blocker.address();
  const server = spawn(process.execPath, [`${root}web/serve.mjs`, "--port", String(port)]);
  const [line] = await once(server.stdout.setEncoding("utf8"), "data");
  const found = Number(line.match(/http:\/\/localhost:(\d+)\//)[1]);
  assert.ok(found > port && found < port + 100);
  assert.match(line, new RegExp(`port ${port} is taken`));
  assert.equal((await fetch(`http://localhost:${found}/`)).status, 200);
  server.kill();
  blocker.close();
});

test("a port that is none is refused in one sentence", async () => {
  const server = spawn(process.execPath, [`${root}web/serve.mjs`, "--port", "many"]);
  const [line] = await once(server.stderr.setEncoding("utf8"), "data");
  assert.equal(line, 'serve: port: "many" is not a number from 1 to 65535\n');
  const [code] = await once(server, "exit");
  assert.equal(code, 1);
});
