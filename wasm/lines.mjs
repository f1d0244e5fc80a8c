// Breaks minified code into lines, so that a stack trace, which shows the line of an error, can be
// read. A statement, a member of a class, a declared name or a part of a sequence begins a line.
// Source maps are kept right.
import { parseAst } from "rolldown/parseAst";

/** Returns { code, map } with line breaks; `map` is a source map of version 3, or left out. */
export function breakLines(code, map) {
  const breaks = [...new Set(breaksIn(parseAst(code)))]
    .filter((at) => at > 0)
    .sort((a, b) => a - b);
  for (const at of breaks) {
    if (!/[;{},]/.test(code[at - 1]))
      throw new Error(`no line can begin at '${code.slice(at, at + 40)}'`);
  }
  const lines = [0, ...breaks].map((begin, i) => code.slice(begin, breaks[i]));
  return {
    code: lines.join("\n"),
    map: map && { ...map, mappings: moved(map.mappings, code, breaks) },
  };
}

const lists = {
  Program: ["body", 0],
  BlockStatement: ["body", 0],
  ClassBody: ["body", 0],
  SwitchCase: ["consequent", 1],
  // A line break before the first name could end a `return`.
  VariableDeclaration: ["declarations", 1],
  SequenceExpression: ["expressions", 1],
};

/** Where lines may begin in what this node of a syntax tree stands for. */
function* breaksIn(node) {
  if (Array.isArray(node)) {
    for (const item of node) yield* breaksIn(item);
  } else if (typeof node?.type === "string") {
    const [list, from] = lists[node.type] ?? [];
    if (list) yield* node[list].slice(from).map(({ start }) => start);
    for (const value of Object.values(node)) if (typeof value === "object") yield* breaksIn(value);
  }
}

/**
 * The mappings of a source map for the same code with more lines; only places in the result change.
 */
function moved(mappings, code, breaks) {
  const begins = [0];
  for (let at = code.indexOf("\n"); at >= 0; at = code.indexOf("\n", at + 1)) begins.push(at + 1);
  const ends = [...new Set([...begins.slice(1), ...breaks])].sort((a, b) => a - b);
  const result = [[]];
  let last = 0;
  let line = 0; // of the result
  mappings.split(";").forEach((segments, i) => {
    let column = 0;
    for (const segment of segments === "" ? [] : segments.split(",")) {
      const [step, ...rest] = numbersIn(segment);
      column += step;
      const place = begins[i] + column;
      for (; line < ends.length && ends[line] <= place; line++) {
        result.push([]);
        last = 0;
      }
      const own = place - (line > 0 ? ends[line - 1] : 0);
      result[line].push(textOf([own - last, ...rest]));
      last = own;
    }
  });
  return result.map((segments) => segments.join(",")).join(";");
}

// ---- Base 64 VLQ, as source maps have it ------------------------------------

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function numbersIn(text) {
  const numbers = [];
  let [value, shift] = [0, 0];
  for (const digit of text) {
    const bits = digits.indexOf(digit);
    value |= (bits & 31) << shift;
    shift += 5;
    if (bits & 32) continue;
    numbers.push(value & 1 ? -(value >> 1) : value >> 1);
    [value, shift] = [0, 0];
  }
  return numbers;
}

function textOf(numbers) {
  let text = "";
  for (const number of numbers) {
    let rest = number < 0 ? (-number << 1) | 1 : number << 1;
    do {
      text += digits[(rest & 31) | (rest > 31 ? 32 : 0)];
      rest >>= 5;
    } while (rest > 0);
  }
  return text;
}
