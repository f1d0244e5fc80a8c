// engine.mjs is made by Emscripten; load.ts says what it exports.
declare module "*/engine.mjs";
