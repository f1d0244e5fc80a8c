// uPlot without what the page never asks it for: curves other than straight lines, and numbers and dates as the
// visitor's country writes them, which take a browser 15 ms to prepare as soon as uPlot is loaded.
import type { Plugin } from "vite";

const replaced = {
  "numFormatter = new Intl.NumberFormat(domEnv ? nav.language : 'en-US')":
    "numFormatter = { format: String }",
  "localTz = new Intl.DateTimeFormat().resolvedOptions().timeZone": 'localTz = ""',
  "uPlot.tzDate  = tzDate;": "",
  "(paths.stepped = stepped);": "",
  "(paths.bars    = bars);": "",
  "(paths.spline  = monotoneCubic);": "",
};

export function leanUplot(): Plugin {
  return {
    name: "lean-uplot",
    apply: "build",
    transform(code, id) {
      if (!id.endsWith("uPlot.esm.js")) return undefined;
      let lean = code;
      for (const [text, instead] of Object.entries(replaced)) {
        if (!lean.includes(text)) this.error(`uPlot no longer has: ${text}`);
        lean = lean.replace(text, instead);
      }
      return { code: lean, map: null };
    },
  };
}
