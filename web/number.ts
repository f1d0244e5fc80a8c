// Numbers as people type them.

const decimal = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

/** The number that the text says in decimal digits, like 2, −0.5 or 1e-3; NaN for any other text. */
export function readNumber(text: string): number {
  const plain = text.trim().replaceAll("−", "-");
  return decimal.test(plain) ? Number(plain) : NaN;
}
