// Thousands of random formulas have the values that JavaScript has for them.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { parse, evaluate, operations } from "./formulas.mjs";

const language = { what: "f", names: ["x", "y"], functions: { sin: 1, relu: 1, max: 2 } };

// Numbers of 0 to below `count`, the same for each seed (xorshift).
function dice(seed) {
  let state = seed;
  return (count) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % count;
  };
}

// A formula by the rules of the textbook, as text and as JavaScript with every pair of parentheses.
function randomFormula(roll) {
  const one = (...choices) => choices[roll(choices.length)];
  const space = () => one("", "", "", " ", "  ", "\t");
  let budget = 12;

  const atom = () => {
    budget--;
    switch (budget > 0 ? roll(10) : roll(5)) {
      case 0:
      case 1: {
        const number = one(
          "2",
          "3",
          "0.5",
          ".25",
          "1.",
          "10",
          "1e2",
          "1.5e-3",
          "2E+1",
          "0",
          "7e−1",
        );
        return { text: number, code: Number(number.replace("−", "-")), number: true };
      }
      case 2:
        return one(
          { text: "pi", code: "Math.PI" },
          { text: "π", code: "Math.PI" },
          { text: "e", code: "Math.E", e: true },
        );
      case 3:
      case 4:
        return one({ text: "x", code: "x" }, { text: "y", code: "y" });
      case 5: {
        const name = one("sin", "relu");
        const inner = sum();
        return {
          text: `${name}${space()}(${inner.text})`,
          code: `${name}(${inner.code})`,
        };
      }
      case 6: {
        const [a, b] = [sum(), sum()];
        return { text: `max(${a.text},${space()}${b.text})`, code: `max(${a.code}, ${b.code})` };
      }
      default: {
        const inner = sum();
        return { text: `(${space()}${inner.text}${space()})`, code: `(${inner.code})` };
      }
    }
  };
  const power = () => {
    let { text, code, number, e } = atom();
    if (roll(6) === 0) {
      const [digit, value] = one(["²", 2], ["³", 3], ["⁻¹", -1], ["¹²", 12]);
      [text, code, number, e] = [text + space() + digit, `((${code}) ** ${value})`, false, false];
    }
    if (roll(3) > 0) return { text, code, number, e };
    const exponent = signed();
    return {
      text: `${text}${space()}${one("^", "^", "**")}${space()}${exponent.text}`,
      code: `((${code}) ** (${exponent.code}))`,
      number: exponent.number,
    };
  };
  const signed = () => {
    const signs = Array.from({ length: one(0, 0, 0, 1, 1, 2, 3) }, () => one("-", "+", "−", "–"));
    const inner = power();
    if (signs.length === 0) return inner;
    const code = signs.reduceRight(
      (all, sign) => `(${sign === "+" ? "" : "-"}(${all}))`,
      inner.code,
    );
    return { ...inner, text: signs.map((sign) => sign + space()).join("") + inner.text, code };
  };
  const product = () => {
    let { text, code, number } = signed();
    for (let rest = one(0, 0, 1, 1, 2); rest > 0; rest--) {
      // Without a sign after a number or a parenthesis, before a name or a parenthesis. "2e" might
      // go on as a number.
      const bare = (number || text.endsWith(")")) && roll(2) === 0;
      const factor = bare ? power() : signed();
      const adjoins = bare && !factor.e && /^[a-zπ(]/.test(factor.text);
      const sign = adjoins ? "*" : one("*", "*", "/", "·", "×", "÷");
      text += adjoins ? space() + factor.text : space() + sign + space() + factor.text;
      code = `((${code}) ${"/÷".includes(sign) ? "/" : "*"} (${factor.code}))`;
      number = factor.number;
    }
    return { text, code };
  };
  const sum = () => {
    let { text, code } = product();
    for (let rest = one(0, 0, 0, 1, 1, 2); rest > 0; rest--) {
      const sign = one("+", "-", "−");
      const next = product();
      text += space() + sign + space() + next.text;
      code = `((${code}) ${sign === "+" ? "+" : "-"} (${next.code}))`;
    }
    return { text, code };
  };
  return sum();
}

test("thousands of random formulas have the values that JavaScript has for them", () => {
  const roll = dice(20);
  const { sin, relu, max } = operations;
  let tried = 0;
  const features = {
    "--x^2": /[-−–]\s*[-−–]\s*x\s*\^/,
    "x²^": /²\s*\^/,
    "^-": /\^\s*[-−–]/,
    "2x": /\dx/,
  };
  const seen = Object.fromEntries(Object.keys(features).map((name) => [name, 0]));
  while (tried < 3000) {
    const { text, code } = randomFormula(roll);
    if (text.length > 500) continue;
    tried++;
    for (const [name, feature] of Object.entries(features))
      seen[name] += Number(feature.test(text));
    const wanted = new Function("x", "y", "sin", "relu", "max", `return ${code};`);
    const tree = parse(text, language);
    for (const [x, y] of [
      [3, -2],
      [-0.5, 1.25],
    ]) {
      assert.equal(evaluate(tree, { x, y }), wanted(x, y, sin, relu, max), `${text}  is  ${code}`);
    }
  }
  for (const [name, count] of Object.entries(seen)) assert.ok(count >= 20, `${name}: ${count}`);
});
