// Which rows of the documents' list answer some words.

/** What a heading says, where it is, and the title of its page. */
export type Row = [text: string, address: string, page: string];

const most = 12;

/** The rows that hold all the words, those first that begin with them, and short ones before long ones. */
export function best(rows: readonly Row[], words: string): Row[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const rank = ([text, , page]: Row): number => {
    const plain = text.toLowerCase();
    const all = `${plain} ${page.toLowerCase()}`;
    if (!wanted.every((word) => all.includes(word))) return Infinity;
    const first = wanted[0]!;
    const last = plain.split(".").at(-1)!;
    const begin = plain === first || last === first ? 0 : plain.startsWith(first) ? 1 : 2;
    const part = last.startsWith(first) || plain.includes(` ${first}`) ? 0 : 1;
    const away = plain.includes(first) ? 0 : 4;
    return begin + part + away + plain.length / 1000;
  };
  return rows
    .map((row) => ({ row, at: rank(row) }))
    .filter(({ at }) => at < Infinity)
    .sort((a, b) => a.at - b.at)
    .slice(0, most)
    .map(({ row }) => row);
}
