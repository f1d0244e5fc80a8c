// The headers that the page is served with: by serve.mjs, and by hosts that read them from a file of the
// built page.
import { headerPolicy } from "./csp.mjs";

// On every response: a worker obeys the policy of its own script, and isolation, which threads need, needs
// the headers on each script too.
// The service worker adds those of isolation on hosts that send none.
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

/** File name → text, for the root of the site. */
export const headerFiles = {
  // Netlify, Cloudflare Pages and others
  _headers: ["/*", ...lines((name, value) => `  ${name}: ${value}`), ""].join("\n"),
  // Vercel
  "vercel.json": `${JSON.stringify(
    { headers: [{ source: "/(.*)", headers: lines((key, value) => ({ key, value })) }] },
    null,
    2,
  )}\n`,
};
