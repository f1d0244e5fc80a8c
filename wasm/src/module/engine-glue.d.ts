// engine.mjs is made by Emscripten; fetch.ts says what it exports.
declare module "*/engine.mjs";
