// Numbers as people type them.

const decimal = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

/**
 * The number that a text in decimal digits says, such as 2, −0.5 or 1e-3; NaN for any other text.
 */
export function readNumber(text: string): number {
  const plain = text.trim().replaceAll("−", "-");
  return decimal.test(plain) ? Number(plain) : NaN;
}
