// The page's Content-Security-Policy: in a header where serve.mjs serves it, in a <meta> on static hosts.

const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data: blob:",
  "style-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
];

export const metaPolicy = policy.join("; ");

// A <meta> knows no frame-ancestors. Anyone may show the page in a frame.
export const headerPolicy = [...policy, "frame-ancestors *"].join("; ");
