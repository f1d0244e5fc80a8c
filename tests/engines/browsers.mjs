// Starts Firefox and WebKit, each with a profile of its own, and ends all that was started, by process group.
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { overHttp, overMarionette, Session } from "./driver.mjs";

const libraries = "/usr/lib/x86_64-linux-gnu";
const miniBrowser = () =>
  existsSync(libraries) &&
  readdirSync(libraries)
    .filter((name) => name.startsWith("webkit2gtk-"))
    .map((name) => `${libraries}/${name}/MiniBrowser`)
    .find(existsSync);

/** What is missing here of a browser, for the reason of a test that is left out; undefined where it can run. */
export const missing = {
  firefox: () => (existsSync("/usr/bin/firefox-esr") ? undefined : "Firefox is not installed"),
  webkit: () =>
    miniBrowser() && existsSync("/usr/bin/WebKitWebDriver") && existsSync("/usr/bin/Xvfb")
      ? undefined
      : "WebKit, its driver or Xvfb is not installed",
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

async function launchFirefox(folder, env) {
  const lines = Object.entries(preferences).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  );
  await writeFile(`${folder}/user.js`, lines.join("\n"));
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

async function launchWebKit(folder, env) {
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
  const browserOptions = { binary: miniBrowser(), args: ["--automation"] };
  const send = await overHttp(address, { "webkitgtk:browserOptions": browserOptions });
  return { parts: [driver, xvfb], send };
}

const launchers = { firefox: launchFirefox, webkit: launchWebKit };

/** Starts a browser by its name; `env` changes its environment. `close()` ends it and removes its profile. */
export async function launch(name, env = {}) {
  const folder = await mkdtemp(`${tmpdir()}/lanegrad-${name}-`);
  const own = { HOME: folder, XDG_CACHE_HOME: folder, XDG_CONFIG_HOME: folder };
  const { parts, send } = await launchers[name](folder, {
    ...process.env,
    ...own,
    XDG_DATA_HOME: folder,
    LANG: "C.UTF-8",
    ...env,
  });
  const session = new Session(send);
  await session.begin();
  session.close = async () => {
    const patience = new Promise((resolve) => setTimeout(resolve, 10_000).unref());
    await Promise.race([session.end().catch(() => {}), patience]);
    for (const part of parts) await part.end();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  return session;
}
