// Formulas as text: what they mean, and what is said of those that mean nothing.
import assert from "node:assert/strict";
import { test } from "../support/test.mjs";
import { parse, evaluate } from "./formulas.mjs";

const language = { what: "f", names: ["x", "y"], functions: { sin: 1, relu: 1, max: 2 } };

test("formulas mean what they mean in a textbook", () => {
  const values = { x: 3, y: -2 };
  for (const [text, expected] of [
    ["1 + 2 * 3", 7],
    ["(1 + 2) * 3", 9],
    ["x - y - 1", 4],
    ["12 / x / 2", 2],
    ["-x^2", -9],
    ["(-x)^2", 9],
    ["- (x) ^ 2", -9],
    ["2^-x", 1 / 8],
    ["2^x^2", 512],
    ["(2^x)^2", 64],
    ["2x", 6],
    ["2x²", 18],
    ["3(x + 1)(y)", -24],
    ["x·y", -6],
    ["x × y − 1", -7],
    ["1e2x", 300],
    [".5x", 1.5],
    ["x**2", 9],
    ["sin(pi/2)", 1],
    ["2sin (π / 2)", 2],
    ["max(x, y^2)", 4],
    ["relu(-x) + +x", 3],
    ["--x", 3],
    ["--x^2", 9],
    ["+-x^2", -9],
    ["-+-x^2", 9],
    ["2 - --x^2", -7],
    ["--x²^2", 81],
    ["x³^2", 729],
    ["x⁻²", 1 / 9],
    ["2x¹⁰", 2 * 3 ** 10],
    ["2^x²", 512],
    ["–x^–y", -9],
    ["x ÷ y ⋅ 2", -3],
    ["max(x, max(y, 4))", 4],
    ["x\u00a0+\u00a0y", 1],
  ]) {
    assert.ok(Math.abs(evaluate(parse(text, language), values) - expected) < 1e-12, text);
  }
});

test("numbers may have exponents, which are none of the number e", () => {
  const values = { x: 3, y: -2 };
  for (const [text, expected] of [
    ["1e3", 1000],
    ["1E-3", 0.001],
    ["1e-3", 0.001],
    ["1e-3*x", 0.003],
    ["1e-3x", 0.003],
    ["1e−3·x", 0.003],
    ["1e-3 x", 0.003],
    ["1e-3(x + 1)", 0.004],
    ["1e-3 - x", 0.001 - 3],
    ["x - 1e-3", 3 - 0.001],
    ["2.5e+2x", 750],
    ["2.5E+2 * x", 750],
    ["1.e2", 100],
    ["1.e2x", 300],
    [".5e1x", 15],
    [".5 x", 1.5],
    ["1e38*x", 3e38],
    ["12x", 36],
    ["1e12", 1e12],
    ["max(1e-3, 2e-3)", 0.002],
    ["3e", 3 * Math.E],
    ["3 e", 3 * Math.E],
    ["2e*x", 6 * Math.E],
    ["2e - x", 2 * Math.E - 3],
    ["2e-x", 2 * Math.E - 3],
    ["2e^x", 2 * Math.E ** 3],
    ["2e(x)", undefined],
    ["e", Math.E],
    ["e^x", Math.E ** 3],
    ["1e2e", 100 * Math.E],
    ["x1e3", undefined],
    ["2e x", undefined],
    ["1e3.5", undefined],
    ["1.2.3", undefined],
    ["0x10", undefined],
  ]) {
    if (expected === undefined) assert.throws(() => parse(text, language), /^Error: f: /, text);
    else {
      const value = evaluate(parse(text, language), values);
      assert.ok(Math.abs(value / expected - 1) < 1e-12, `${text} is ${value}`);
    }
  }
  for (const number of ["1e40", "1e400", "4e38"]) {
    assert.throws(() => parse(`${number}*x`, language), {
      message: `f: ${number} is too large, numbers here reach 3.4·10³⁸`,
    });
  }
});

test("names that every object has are no names of a formula", () => {
  for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty", "valueOf"]) {
    assert.throws(() => parse(name, language), {
      message: `f: “${name}” is not known, expected x, y, sin, relu or max`,
    });
    assert.throws(() => parse(`${name}(x)`, language), {
      message: `f: “${name}” is no function, expected sin, relu or max`,
    });
  }
});

test("what is no formula is refused in a sentence", () => {
  for (const [text, message] of [
    ["", "f: there is no formula, expected one like x^2"],
    ["  ", "f: there is no formula, expected one like x^2"],
    ["z + 1", "f: “z” is not known, expected x, y, sin, relu or max"],
    ["sinn(x)", "f: “sinn” is no function, expected sin, relu or max"],
    ["sin", "f: sin needs brackets, like sin(x)"],
    ["2 sin x", "f: sin needs brackets, like sin(x)"],
    ["sin x^2 + 1", "f: sin needs brackets, like sin(x)"],
    ["max x, y", "f: max needs brackets, like max(x, y)"],
    ["sinx", "f: “sinx” is not known, write sin(x)"],
    ["x y", "f: “x y” lacks a sign between two parts, like * in 2*x"],
    ["2e x", "f: “2e x” lacks a sign between two parts, like * in 2*x"],
    ["1,5x", "f: “1,5x” has a comma, write 1.5 with a point"],
    ["sin(x, y)", "f: sin takes one argument, two were given"],
    ["sin()", "f: sin takes one argument, none was given"],
    ["max(x)", "f: max takes two arguments, one was given"],
    ["max(1, 2, 3, 4, 5)", "f: max takes two arguments, 5 were given"],
    ["x(x + 1)", "f: “x” is no function, write x·(…)"],
    ["()", "f: a pair of parentheses holds no formula"],
    ["x; y", "f: “x; y” is more than one formula, or none"],
    ["pi;", "f: “pi;” is more than one formula, or none"],
    [";x", "f: “;x” is more than one formula, or none"],
    [",x", "f: “,x” is more than one formula, or none"],
    ["x, y", "f: “x, y” is more than one formula, or none"],
    ["(x, y)", "f: “(x, y)” is more than one formula, or none"],
    ["max(x y)", "f: “max(x y)” lacks a sign between two parts, like * in 2*x"],
    ["(x y)", "f: “(x y)” lacks a sign between two parts, like * in 2*x"],
    ["x²3", "f: “x²3” lacks a sign between two parts, like * in 2*x"],
    ["'x'", "f: 'x' is no number"],
    ["x.constructor", "f: “x.constructor” is more than one formula, or none"],
    ["constructor(x)", "f: “constructor” is no function, expected sin, relu or max"],
    ["[x]", "f: “[x]” is more than one formula, or none"],
  ]) {
    assert.throws(() => parse(text, language), { message });
  }
  for (const text of [
    "x,",
    "max(x, y,)",
    "max(x,, y)",
    "x^²",
    "(x",
    "x +",
    "x ! y",
    "1 +* 2",
    "x)",
    "alert`1`",
    "x = 1",
    "x => x",
  ]) {
    assert.throws(
      () => parse(text, language),
      /^Error: f: “.*” (cannot be read|is more than)/,
      text,
    );
  }
  assert.throws(() => parse("x+".repeat(300) + "x", language), {
    message: "f: the formula has 601 characters, expected at most 500",
  });
});
