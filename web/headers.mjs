// The headers that the page is served with: serve.mjs sends them, and hosts read them from a file
// of the built page.
import { headerPolicy } from "./csp.mjs";

// These headers stand on every response. A worker obeys the policy of its own script, and
// isolation, which threads need, needs the headers on each script, too. On hosts that send none,
// the service worker adds those of isolation.
export const isolation = {
  "Document-Isolation-Policy": "isolate-and-require-corp",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};
export const headers = {
  "Content-Security-Policy": headerPolicy,
  ...isolation,
  "Cross-Origin-Resource-Policy": "cross-origin",
  "X-Content-Type-Options": "nosniff",
};

const lines = (line) => Object.entries(headers).map(([name, value]) => line(name, value));

/** The files for the root of the site that tell hosts the headers: name → text. */
export const headerFiles = {
  // This file is for Netlify, Cloudflare Pages and others.
  _headers: ["/*", ...lines((name, value) => `  ${name}: ${value}`), ""].join("\n"),
  // This file is for Vercel.
  "vercel.json": `${JSON.stringify(
    { headers: [{ source: "/(.*)", headers: lines((key, value) => ({ key, value })) }] },
    null,
    2,
  )}\n`,
};
