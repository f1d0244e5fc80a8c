// Starts Firefox and WebKit, each with a profile of its own, and ends all that was started, by process group.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { overHttp, overMarionette, Session } from "./driver.mjs";

const webkitWindow = fileURLToPath(new URL("webkit_window.py", import.meta.url));
const webkitParts = [
  "/usr/bin/WebKitWebDriver",
  "/usr/bin/Xvfb",
  "/usr/lib/x86_64-linux-gnu/girepository-1.0/WebKit2-4.1.typelib",
  "/usr/lib/python3/dist-packages/gi",
];

/** What is missing here of a browser, for the reason of a test that is left out; undefined where it can run. */
export const missing = {
  firefox: () => (existsSync("/usr/bin/firefox-esr") ? undefined : "Firefox is not installed"),
  webkit: () =>
    webkitParts.every(existsSync)
      ? undefined
      : "WebKit, its driver, its bindings for Python or Xvfb is not installed",
};

// No greeting, no updates, and nothing that asks the network by itself.
const preferences = {
  "marionette.port": 0,
  "app.update.disabledForTesting": true,
  "app.normandy.enabled": false,
  "browser.aboutwelcome.enabled": false,
  "browser.safebrowsing.downloads.remote.enabled": false,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.page": 0,
  "datareporting.policy.dataSubmissionEnabled": false,
  "extensions.update.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "network.dns.disablePrefetch": true,
  "services.settings.server": "data:,nothing",
  "toolkit.telemetry.reportingpolicy.firstRun": false,
};

async function poll(what, look) {
  for (const end = Date.now() + 60_000; Date.now() < end;) {
    const found = await look().catch(() => undefined);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what}: no sign of life within a minute`);
}

// A run of tests that is ended from outside ends its browsers, too.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

/** A process with its children in a group, and its output where it is asked for. */
function start(command, values, { env, stdio = "ignore" }) {
  const child = spawn(command, values, { env, stdio, detached: true });
  const gone = new Promise((resolve) => child.on("exit", resolve).on("error", resolve));
  const kill = () => {
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended.
    }
  };
  process.on("exit", kill);
  return {
    child,
    async end() {
      kill();
      await gone;
      process.off("exit", kill);
    },
  };
}

async function launchFirefox({ folder, env, isPrivate }) {
  const all = { ...preferences, "browser.privatebrowsing.autostart": isPrivate };
  const lines = Object.entries(all).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  );
  await writeFile(`${folder}/user.js`, lines.join("\n"));
  await rm(`${folder}/MarionetteActivePort`, { force: true }); // one of an earlier start
  const values = ["--headless", "--no-remote", "--profile", folder, "--marionette"];
  const firefox = start("/usr/bin/firefox-esr", values, { env });
  const port = await poll("Firefox", () => readFile(`${folder}/MarionetteActivePort`, "utf8"));
  return { parts: [firefox], send: await overMarionette(Number(port), {}) };
}

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

async function launchWebKit({ env, isPrivate }) {
  const xvfb = start("/usr/bin/Xvfb", ["-displayfd", "1", "-screen", "0", "1300x1020x24"], {
    env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const display = await new Promise((resolve, reject) => {
    xvfb.child.stdout.once("data", resolve).once("end", () => reject(new Error("Xvfb: no screen")));
  });
  const port = await freePort();
  const driver = start("/usr/bin/WebKitWebDriver", [`--port=${port}`], {
    env: { ...env, DISPLAY: `:${String(display).trim()}` },
  });
  const address = `http://127.0.0.1:${port}`;
  await poll("WebKitWebDriver", () => fetch(`${address}/status`));
  const browserOptions = { binary: webkitWindow, args: isPrivate ? ["--private"] : [] };
  const send = await overHttp(address, { "webkitgtk:browserOptions": browserOptions });
  return { parts: [driver, xvfb], send };
}

const launchers = { firefox: launchFirefox, webkit: launchWebKit };

/**
 * Starts a browser by its name: `env` changes its environment, `isPrivate` makes its window private, and `profile` is that
 * of another one. `close()` removes the profile, but for `keep`; with `kill` the browser is ended in the middle of its work.
 */
export async function launch(name, { env = {}, isPrivate = false, profile } = {}) {
  const folder = profile ?? (await mkdtemp(`${tmpdir()}/lanegrad-${name}-`));
  const own = { HOME: folder, XDG_CACHE_HOME: folder, XDG_CONFIG_HOME: folder };
  const { parts, send } = await launchers[name]({
    folder,
    env: { ...process.env, ...own, XDG_DATA_HOME: folder, LANG: "C.UTF-8", ...env },
    isPrivate,
  });
  const session = new Session(send);
  await session.begin();
  session.profile = folder;
  session.close = async ({ keep = false, kill = false } = {}) => {
    if (!kill) await soon(session.end().catch(() => {}));
    for (const part of parts) await part.end();
    if (!keep) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  return session;
}

const soon = (promise) =>
  Promise.race([promise, new Promise((resolve) => setTimeout(resolve, 10_000).unref())]);
