// The page's Content-Security-Policy: serve.mjs sends it in a header; on static hosts it is in a
// <meta>.

const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data: blob:",
  "style-src 'self'",
  "font-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
];

export const metaPolicy = policy.join("; ");

// A <meta> cannot say frame-ancestors. Any page may show this one in a frame.
export const headerPolicy = [...policy, "frame-ancestors *"].join("; ");
