// QR codes of bytes, after ISO/IEC 18004: versions 1 to 22, whose modules a phone can tell apart on a
// screen, with error correction of the levels L and M. What follows from a rule is computed; only how
// many codewords correct errors, and in how many blocks, is a table.

export type Level = "L" | "M";

/** The most that is tried: 105 × 105 modules. */
export const largestVersion = 22;

// By version, from 1: the codewords of a block that correct errors, and the number of blocks.
const correction: Record<Level, { perBlock: readonly number[]; blocks: readonly number[] }> = {
  L: {
    perBlock: [
      7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28,
    ],
    blocks: [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9],
  },
  M: {
    perBlock: [
      10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28,
    ],
    blocks: [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17],
  },
};

/** The modules of a symbol, row by row; true is dark. */
export interface Symbol {
  size: number;
  version: number;
  mask: number;
  dark: boolean[];
}

/** The most bytes that a symbol of this version holds. */
export function capacity(version: number, level: Level): number {
  return dataCodewords(version, level) - (countBits(version) > 8 ? 3 : 2);
}

/**
 * The smallest symbol with these bytes, whose mask is the one with the least penalty unless one is
 * given; undefined where they are too many for the largest version.
 */
export function encode(bytes: Uint8Array, level: Level, mask?: number): Symbol | undefined {
  let version = 1;
  while (version <= largestVersion && capacity(version, level) < bytes.length) version++;
  if (version > largestVersion) return undefined;
  const codewords = interleaved(dataOf(bytes, version, level), version, level);
  const plain = functionPatterns(version);
  place(plain, codewords);
  let best: { symbol: Symbol; penalty: number } | undefined;
  for (const each of mask === undefined ? masks.keys() : [mask]) {
    const symbol = masked(plain, version, level, each);
    const penalty = penaltyOf(symbol);
    if (!best || penalty < best.penalty) best = { symbol, penalty };
  }
  return best!.symbol;
}

// ---- Codewords --------------------------------------------------------------

const countBits = (version: number) => (version < 10 ? 8 : 16);

// A symbol has as many codewords as fit into the modules that no function pattern takes.
function allCodewords(version: number): number {
  return functionPatterns(version).taken.filter((taken) => !taken).length >> 3;
}

function dataCodewords(version: number, level: Level): number {
  const { perBlock, blocks } = correction[level];
  return allCodewords(version) - perBlock[version - 1]! * blocks[version - 1]!;
}

// The mode of bytes, their count, the bytes, an end, and padding.
function dataOf(bytes: Uint8Array, version: number, level: Level): number[] {
  const bits: number[] = [];
  const append = (value: number, count: number) => {
    for (let i = count - 1; i >= 0; i--) bits.push((value >> i) & 1);
  };
  append(0b0100, 4);
  append(bytes.length, countBits(version));
  for (const byte of bytes) append(byte, 8);
  append(0, 4);
  const data: number[] = [];
  for (let i = 0; i < bits.length; i += 8) {
    data.push(bits.slice(i, i + 8).reduce((byte, bit) => (byte << 1) | bit, 0));
  }
  const wanted = dataCodewords(version, level);
  for (let i = 0; data.length < wanted; i++) data.push(i % 2 === 0 ? 0xec : 0x11);
  return data;
}

// The data in blocks, each with codewords that correct errors, and of all blocks the first codewords,
// the second ones, and so on. The first blocks are shorter by one where the data do not divide evenly.
function interleaved(data: readonly number[], version: number, level: Level): number[] {
  const perBlock = correction[level].perBlock[version - 1]!;
  const count = correction[level].blocks[version - 1]!;
  const blocks: number[][] = [];
  for (let i = 0, begin = 0; i < count; i++) {
    const end = begin + Math.floor((data.length + i) / count);
    blocks.push(data.slice(begin, end));
    begin = end;
  }
  const corrections = blocks.map((block) => remainder(block, perBlock));
  return [...columns(blocks), ...columns(corrections)];
}

function columns(rows: readonly (readonly number[])[]): number[] {
  const longest = Math.max(...rows.map((row) => row.length));
  return Array.from({ length: longest }, (_, i) => rows.flatMap((row) => row[i] ?? [])).flat();
}

// The field of 256 elements whose polynomial is x⁸ + x⁴ + x³ + x² + 1: powers of 2, and logarithms.
const powers: number[] = [];
const logarithms: number[] = [];
for (let i = 0, value = 1; i < 255; i++) {
  powers[i] = value;
  logarithms[value] = i;
  value = (value << 1) ^ (value > 127 ? 0x11d : 0);
}
const product = (a: number, b: number) =>
  a && b ? powers[(logarithms[a]! + logarithms[b]!) % 255]! : 0;

// The Reed–Solomon codewords of a block: what is left when its polynomial, times x to the count, is
// divided by (x − 2⁰)(x − 2¹) …
function remainder(block: readonly number[], count: number): number[] {
  let divisor = [1];
  for (let i = 0; i < count; i++) {
    const next = [...divisor, 0];
    divisor.forEach((factor, j) => (next[j + 1]! ^= product(factor, powers[i]!)));
    divisor = next;
  }
  const left = [...block, ...Array.from({ length: count }, () => 0)];
  for (let i = 0; i < block.length; i++) {
    const factor = left[i]!;
    divisor.forEach((each, j) => (left[i + j]! ^= product(each, factor)));
  }
  return left.slice(block.length);
}

// ---- Modules ----------------------------------------------------------------

interface Grid {
  size: number;
  dark: boolean[];
  // Whether a function pattern has the module, so that it is neither data nor masked.
  taken: boolean[];
}

// The rows and columns in which alignment patterns are centred: evenly apart from the last one back,
// by an even distance, and whatever is left before the first.
function alignments(version: number): number[] {
  if (version === 1) return [];
  const gaps = Math.floor(version / 7) + 1;
  const last = 4 * version + 10;
  const gap = 2 * Math.ceil((last - 6) / gaps / 2);
  return [6, ...Array.from({ length: gaps }, (_, i) => last - (gaps - 1 - i) * gap)];
}

// All that is no data: finders, timing, alignment, the version, and room for the format.
function functionPatterns(version: number): Grid {
  const size = 4 * version + 17;
  const all = () => Array.from({ length: size * size }, () => false);
  const grid: Grid = { size, dark: all(), taken: all() };
  const set = (row: number, column: number, dark: boolean) => {
    if (row < 0 || column < 0 || row >= size || column >= size) return;
    grid.dark[row * size + column] = dark;
    grid.taken[row * size + column] = true;
  };
  // Squares around a centre; `light` are the distances that are light.
  const squares = (row: number, column: number, reach: number, light: readonly number[]) => {
    for (let y = -reach; y <= reach; y++) {
      for (let x = -reach; x <= reach; x++) {
        set(row + y, column + x, !light.includes(Math.max(Math.abs(y), Math.abs(x))));
      }
    }
  };
  for (let i = 0; i < size; i++) {
    set(6, i, i % 2 === 0);
    set(i, 6, i % 2 === 0);
  }
  const centres = alignments(version);
  for (const row of centres) {
    for (const column of centres) {
      const inCorner = [row, column].filter((place) => place === 6).length;
      const isFinder = inCorner === 2 || (inCorner === 1 && Math.max(row, column) === size - 7);
      if (!isFinder) squares(row, column, 2, [1]);
    }
  }
  for (const [row, column] of [
    [3, 3],
    [3, size - 4],
    [size - 4, 3],
  ] as const) {
    squares(row, column, 4, [2, 4]);
  }
  for (const [row, column] of formatPlaces(size).flat()) set(row, column, false);
  set(size - 8, 8, true);
  if (version >= 7) {
    const bits = (version << 12) | checked(version << 12, 0x1f25);
    for (let i = 0; i < 18; i++) {
      const [long, short] = [size - 11 + (i % 3), Math.floor(i / 3)];
      set(long, short, ((bits >> i) & 1) === 1);
      set(short, long, ((bits >> i) & 1) === 1);
    }
  }
  return grid;
}

// The rest of a division of polynomials whose coefficients are bits.
function checked(value: number, divisor: number): number {
  const length = (bits: number) => 32 - Math.clz32(bits);
  while (length(value) >= length(divisor)) value ^= divisor << (length(value) - length(divisor));
  return value;
}

// The two places of each bit of the format, from the lowest one: around the first finder, and beside
// the two others.
function formatPlaces(size: number): [number, number][][] {
  return Array.from({ length: 15 }, (_, i) => {
    // Row and column 6 are timing.
    const skipped = (place: number) => (place > 5 ? place + 1 : place);
    const first: [number, number] = i < 8 ? [skipped(i), 8] : [8, skipped(14 - i)];
    const second: [number, number] = i < 8 ? [8, size - 1 - i] : [size - 15 + i, 8];
    return [first, second];
  });
}

// Puts the bits into what is free: two columns at a time from the right, up and down by turns.
function place({ size, dark, taken }: Grid, codewords: readonly number[]): void {
  let bit = 0;
  let upward = true;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right--;
    for (let i = 0; i < size; i++) {
      const row = upward ? size - 1 - i : i;
      for (const column of [right, right - 1]) {
        const at = row * size + column;
        if (taken[at]) continue;
        dark[at] = ((codewords[bit >> 3] ?? 0) & (128 >> (bit & 7))) !== 0;
        bit++;
      }
    }
    upward = !upward;
  }
}

// ---- Masks ------------------------------------------------------------------

// Which modules each mask turns over, by row and column.
const masks: readonly ((row: number, column: number) => boolean)[] = [
  (i, j) => (i + j) % 2 === 0,
  (i) => i % 2 === 0,
  (_, j) => j % 3 === 0,
  (i, j) => (i + j) % 3 === 0,
  (i, j) => (Math.floor(i / 2) + Math.floor(j / 3)) % 2 === 0,
  (i, j) => ((i * j) % 2) + ((i * j) % 3) === 0,
  (i, j) => (((i * j) % 2) + ((i * j) % 3)) % 2 === 0,
  (i, j) => (((i + j) % 2) + ((i * j) % 3)) % 2 === 0,
];

// The symbol with this mask, and with the format that says so.
function masked({ size, dark, taken }: Grid, version: number, level: Level, mask: number): Symbol {
  const turns = masks[mask]!;
  const modules = dark.map(
    (module, at) => module !== (!taken[at] && turns(Math.floor(at / size), at % size)),
  );
  const format = ((level === "L" ? 1 : 0) << 13) | (mask << 10);
  const bits = (format | checked(format, 0x537)) ^ 0x5412;
  formatPlaces(size).forEach((places, i) => {
    for (const [row, column] of places) modules[row * size + column] = ((bits >> i) & 1) === 1;
  });
  return { size, version, mask, dark: modules };
}

// How hard the symbol is to read: long runs, blocks, what looks like a finder, and too much of one colour.
function penaltyOf({ size, dark }: Symbol): number {
  const at = (row: number, column: number) => (dark[row * size + column] ? "1" : "0");
  const line = (of: (i: number) => string) =>
    Array.from({ length: size }, (_, i) => of(i)).join("");
  let penalty = 0;
  for (let i = 0; i < size; i++) {
    for (const text of [line((j) => at(i, j)), line((j) => at(j, i))]) {
      for (const [run] of text.matchAll(/0{5,}|1{5,}/g)) penalty += run.length - 2;
      penalty += 40 * [...text.matchAll(/(?=10111010000|00001011101)/g)].length;
    }
  }
  for (let i = 0; i + 1 < size; i++) {
    for (let j = 0; j + 1 < size; j++) {
      const same = [at(i, j + 1), at(i + 1, j), at(i + 1, j + 1)];
      if (same.every((module) => module === at(i, j))) penalty += 3;
    }
  }
  const share = dark.filter(Boolean).length / dark.length;
  return penalty + 10 * Math.floor(Math.abs(share - 0.5) / 0.05);
}
