// The browser of all tests and of the benchmark.
import { chromium } from "playwright-core";

/** Starts Chromium without a window, quiet towards the network; `more` are further arguments. */
export const launch = (...more) =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...more,
    ],
  });
