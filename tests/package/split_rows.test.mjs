// Rows of text files, split as papaparse does, which many people read such files with.
import assert from "node:assert/strict";
import { test } from "node:test";
import papaparse from "papaparse";
import { readTable } from "../../dist/data.js";

/** Random numbers below `end`, the same ones each time. */
function randomNumbers(seed) {
  let state = seed;
  return (end) => (state = (state * 48271) % 0x7fffffff) % end;
}

/** The rows that papaparse finds, as long as the first one. */
function rowsOf(text, delimiter) {
  const { data } = papaparse.parse(text, { delimiter, skipEmptyLines: "greedy" });
  const width = data[0].length;
  return data.map((row) => Array.from({ length: width }, (_, i) => row[i] ?? ""));
}

async function comparesWithPapaparse(text, delimiter) {
  const expected = rowsOf(text, delimiter);
  const table = await readTable(text);
  assert.equal(table.delimiter, delimiter, JSON.stringify(text));
  assert.deepEqual(
    table.texts(0, table.rows),
    table.header ? expected.slice(1) : expected,
    JSON.stringify(text),
  );
  table.dispose();
}

test("rows are split as papaparse splits them", async () => {
  for (const [text, delimiter] of [
    ["a,b\n1,2\n3,4", ","],
    ["a,b\r\n1,2\r\n3,4\r\n", ","],
    ['a,b\n"x, ""y""",2\n"line\nbreak",4\n', ","],
    ['a,b\n5" pipe,1\n6" pipe,2\n', ","],
    ["a;b;c\n1,5;2;\n;;\n3;4;5\n", ";"],
    ["\uFEFFa\tb\nx y\t 2 \n", "\t"],
    ['a|b\n""|""\n"|"|2\n\n\n3|4\n', "|"],
    ["a,b,c\n1,2\n3,4,5\n6,7,8\n", ","],
  ])
    await comparesWithPapaparse(text, delimiter);
  const random = randomNumbers(7);
  const letters = ["a", "7", " ", ".", "ä", "-", '"', ",", ";", "\n"];
  for (let round = 0; round < 300; round++) {
    const delimiter = ",;\t|"[random(4)];
    const newline = ["\n", "\r\n"][random(2)];
    const width = 2 + random(4);
    const rows = Array.from({ length: 3 + random(8) }, (_, r) =>
      Array.from({ length: width }, (__, c) =>
        r === 0
          ? `c${c}`
          : Array.from({ length: random(6) }, () => letters[random(letters.length)]).join(""),
      ),
    );
    await comparesWithPapaparse(papaparse.unparse(rows, { delimiter, newline }), delimiter);
  }
});
