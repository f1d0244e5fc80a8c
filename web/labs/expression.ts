// Turns a formula's text into a tree of operations. jsep splits the text into its parts and runs
// nothing of it. Anything but the operations, functions and names that are asked for is refused in
// one sentence.
import jsep from "jsep";

export type Expression =
  | { kind: "number"; value: number }
  | { kind: "name"; name: string }
  // `name` is add, sub, mul, div, pow, neg, or the name of a function.
  | { kind: "call"; name: string; of: Expression[] };

export interface Language {
  what: string; // the formula's name in sentences: "f"
  // The names of the variables.
  names: readonly string[];
  // The functions: name → number of arguments.
  functions: Readonly<Record<string, number>>;
}

const operators: Record<string, string> = { "+": "add", "-": "sub", "*": "mul", "/": "div" };
jsep.removeAllUnaryOps();
jsep.removeAllBinaryOps();
jsep.removeAllLiterals();
for (const sign of ["+", "-"]) jsep.addUnaryOp(sign);
for (const sign of ["+", "-"]) jsep.addBinaryOp(sign, 1);
for (const sign of ["*", "/"]) jsep.addBinaryOp(sign, 2);
jsep.addBinaryOp("^", 3, true);
// A raised digit belongs to what stands before it: x³^2 is (x³)^2, while x^2^3 is x^(2^3).
jsep.addBinaryOp("^^", 4);
// The comma is made an operator, since jsep takes "max(x y)" and "x," for the same as with a comma,
// or without.
jsep.addBinaryOp(",", 0.5);

const constants = new Map([
  ["pi", Math.PI],
  ["e", Math.E],
]);
// The most characters of a formula.
const longest = 500;
const largest = "3.4·10³⁸"; // of the engine's numbers, which are float32

// jsep keeps no parentheses, but −x^2 and (−x)^2 differ, so a group becomes a call of this
// function.
const group = "$group";

// A number with its exponent, so that the e of 1e5 is not taken for a name.
const literal = /(?<![\w.$])(?:\d+\.?\d*|\.\d+)(?:e[-+−–]?\d+)?/gi;

/** The words of a formula that may be names, in their order. */
export const wordsOf = (text: string): string[] =>
  text.replace(literal, " ").match(/[A-Za-z_]\w*/g) ?? [];

const raised = "⁰¹²³⁴⁵⁶⁷⁸⁹";

// Puts a formula as people write it into plain form: 2x, 3(x + 1), x², −x, a·b.
function plain(text: string): string {
  return (
    text
      .replace(/\s/g, " ")
      .replace(/⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+/g, (power) => {
        const digits = [...power].map((digit) => (digit === "⁻" ? "-" : raised.indexOf(digit)));
        return `^^${digits.join("")} `;
      })
      .replace(/[·⋅×]/g, "*")
      .replaceAll("÷", "/")
      .replace(/[−–]/g, "-")
      .replaceAll("π", "pi")
      .replaceAll("**", "^")
      // A number is read to its end first, exponent and all: 1e-3 is no product with e.
      .replace(literal, (number, at: number, all: string) =>
        /^\s*[A-Za-z_(]/.test(all.slice(at + number.length)) ? `${number}*` : number,
      )
      .replace(/(\))(?=\s*[A-Za-z_(])/g, "$1*")
      .replace(/(?<![\w$]\s*)\(/g, `${group}(`)
  );
}

// What is said of a formula: `refuse` throws the sentence, the others make it.
function complaintsOf(text: string, { what, names, functions }: Language) {
  const refuse = (why: string): never => {
    throw new Error(`${what}: ${why}`);
  };
  const bracketless = (name: string) => {
    const inner = functions[name] === 1 ? names[0] : [names[0], names[1] ?? 1].join(", ");
    return `${name} needs brackets, like ${name}(${inner})`;
  };
  const several = `“${text}” is more than one formula, or none`;
  const sideBySide = (parts: jsep.Expression[]): never => {
    const ends = parts.map(lastOf);
    const name = ends.slice(0, -1).find((end) => end && Object.hasOwn(functions, end));
    if (name) return refuse(bracketless(name));
    if (parts.length < 2) return refuse(several);
    return refuse(`“${text}” lacks a sign between two parts, like * in 2*${names[0] ?? "pi"}`);
  };
  return { refuse, bracketless, several, sideBySide };
}

const list = (words: readonly string[]) =>
  words.length > 1 ? `${words.slice(0, -1).join(", ")} or ${words.at(-1)}` : String(words[0]);

/** Parses a formula. Throws an Error whose message is one sentence. */
export function parse(text: string, language: Language): Expression {
  const { names, functions } = language;
  const { refuse, bracketless, several, sideBySide } = complaintsOf(text, language);
  if (text.trim() === "") refuse(`there is no formula, expected one like ${names[0] ?? 1}^2`);
  if (text.length > longest) {
    refuse(`the formula has ${text.length} characters, expected at most ${longest}`);
  }
  // jsep would ignore these.
  if (/^\s*,|;/.test(text)) refuse(several);

  // A power binds tighter than the signs before it, which jsep reads first: −−x^2 is −(−(x^2)).
  const power = (node: jsep.Expression): { value: Expression; minuses: number } => {
    if (node.type === "UnaryExpression") {
      const { value, minuses } = power(node["argument"] as jsep.Expression);
      return { value, minuses: minuses + (node["operator"] === "-" ? 1 : 0) };
    }
    if (node.type === "BinaryExpression" && String(node["operator"]).startsWith("^")) {
      const { value, minuses } = power(node["left"] as jsep.Expression);
      const of = [value, convert(node["right"] as jsep.Expression)];
      return { value: { kind: "call", name: "pow", of }, minuses };
    }
    return { value: convert(node), minuses: 0 };
  };
  const signed = (node: jsep.Expression): Expression => {
    let { value, minuses } = power(node);
    for (; minuses > 0; minuses--) value = { kind: "call", name: "neg", of: [value] };
    return value;
  };

  const convert = (node: jsep.Expression): Expression => {
    switch (node.type) {
      case "Literal":
        if (typeof node["value"] !== "number") {
          return refuse(`${String(node["raw"])} is no number`);
        }
        if (!Number.isFinite(Math.fround(node["value"]))) {
          return refuse(`${String(node["raw"])} is too large, numbers here reach ${largest}`);
        }
        return { kind: "number", value: node["value"] };
      case "Identifier": {
        const name = node["name"] as string;
        if (names.includes(name)) return { kind: "name", name };
        const constant = constants.get(name);
        if (constant !== undefined) return { kind: "number", value: constant };
        if (Object.hasOwn(functions, name)) return refuse(bracketless(name));
        const glued = Object.keys(functions).find(
          (known) => name.startsWith(known) && names.includes(name.slice(known.length)),
        );
        if (glued)
          return refuse(`“${name}” is not known, write ${glued}(${name.slice(glued.length)})`);
        return refuse(
          `“${name}” is not known, expected ${list([...names, ...Object.keys(functions)])}`,
        );
      }
      case "UnaryExpression":
        return signed(node);
      case "BinaryExpression": {
        const operator = node["operator"] as string;
        if (operator.startsWith("^")) return signed(node);
        if (operator === ",") {
          return refuse(
            /\d,\d/.test(text) ? `“${text}” has a comma, write 1.5 with a point` : several,
          );
        }
        const of = [node["left"], node["right"]] as jsep.Expression[];
        return { kind: "call", name: operators[operator]!, of: of.map(convert) };
      }
      case "CallExpression": {
        const callee = node["callee"] as jsep.Expression;
        const parts = node["arguments"] as jsep.Expression[];
        if (parts.length > 1) return sideBySide(parts);
        const given = parts.flatMap(listed);
        const name = callee.type === "Identifier" ? (callee["name"] as string) : "";
        if (name === group) {
          return parts[0] ? convert(parts[0]) : refuse("a pair of parentheses holds no formula");
        }
        if (names.includes(name)) return refuse(`“${name}” is no function, write ${name}·(…)`);
        if (!Object.hasOwn(functions, name)) {
          return refuse(`“${name}” is no function, expected ${list(Object.keys(functions))}`);
        }
        if (given.length !== functions[name]) {
          return refuse(wrongCount(name, functions[name]!, given.length));
        }
        return { kind: "call", name, of: given.map(convert) };
      }
      case "Compound":
        return sideBySide(node["body"] as jsep.Expression[]);
      default:
        return refuse(several);
    }
  };

  return convert(treeOf(text, refuse));
}

// The formula as jsep reads it.
function treeOf(text: string, refuse: (why: string) => never): jsep.Expression {
  try {
    return jsep(plain(text));
  } catch (error) {
    const { description } = error as { description: string };
    return refuse(`“${text}” cannot be read: ${description.replaceAll(group, "")}`);
  }
}

// A sentence such as "min takes two arguments, one was given".
function wrongCount(name: string, expected: number, given: number): string {
  const word = (count: number) => ["none", "one", "two", "three"][count] ?? String(count);
  const takes = `${word(expected)} ${expected === 1 ? "argument" : "arguments"}`;
  return `${name} takes ${takes}, ${word(given)} ${given > 1 ? "were" : "was"} given`;
}

// The parts between commas.
function listed(node: jsep.Expression): jsep.Expression[] {
  if (node.type !== "BinaryExpression" || node["operator"] !== ",") return [node];
  return [...listed(node["left"] as jsep.Expression), node["right"] as jsep.Expression];
}

// The name that a part ends in: "sin" for 2 * sin.
function lastOf(node: jsep.Expression): string | undefined {
  if (node.type === "Identifier") return node["name"] as string;
  if (node.type === "BinaryExpression") return lastOf(node["right"] as jsep.Expression);
  if (node.type === "UnaryExpression") return lastOf(node["argument"] as jsep.Expression);
  return undefined;
}
