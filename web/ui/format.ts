// Numbers as the page writes them.

// A number of hundredths as text that is never broken into lines: "99.9 %".
export const percentage = (value: number | string) => `${value}\u00a0%`;

// Text whose numbers stay on a line with their percent signs.
export const unbroken = (text: string) => text.replace(/(\d)\s+%/g, percentage("$1"));

const share = (digits: number) => (value: number) =>
  Number.isNaN(value) ? "–" : percentage((100 * value).toFixed(digits));
// A share from 0 to 1 as text: "97.53 %", and where that is too fine "97.5 %"; "–" where there is none.
export const percent = share(2);
export const coarsePercent = share(1);

// A probability as text; a net is never quite certain.
export const probability = (share: number) =>
  share < 0.9995 ? coarsePercent(share) : `over ${percentage(99.9)}`;

// A loss as text: "0.0925", "36.9"; of a net that knows all by heart "2.4·10⁻⁵", of one that has
// diverged "148,231" and "2.4·10³²".
export function loss(value: number): string {
  if (value >= 1e6 || (value > 0 && value < 1e-3)) return scientific(value);
  if (value >= 1000) return grouped(Math.round(value));
  return Number.isFinite(value) ? value.toFixed(value < 10 ? 4 : 1) : "–";
}

export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "–";
  const whole = Math.max(0, Math.ceil(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

// A number with its thousands apart: "11,000". The browser’s own way takes 15 ms when it is first asked for one.
export const grouped = (value: number) =>
  String(value).replace(/^-?\d+/, (whole) => whole.replace(/\d(?=(\d{3})+$)/g, "$&,"));

// A count with what is counted: "1 step", "2,200 steps".
export const counted = (count: number, noun: string) =>
  `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;

// Extents as text that is never broken into lines: "28 × 28".
export const extents = (...sizes: readonly (number | string)[]) => sizes.join("\u00a0×\u00a0");

// The engine that runs, as text: "relaxed SIMD, 2 threads".
export function engine(variant: string, threads: number): string {
  const kind = variant.startsWith("relaxed") ? "relaxed SIMD" : "SIMD";
  return `${kind}, ${threads === 1 ? "one thread" : `${threads} threads`}`;
}

// A number of floating-point operations as text: "6.15 million operations".
export function work(flops: number): string {
  const [unit, name] = flops >= 1e6 ? [1e6, "million"] : [1e3, "thousand"];
  return `${Number((flops / unit).toPrecision(3))} ${name} operations`;
}

// A number in powers of ten: "1.2·10⁻³".
export function scientific(value: number): string {
  if (Number.isNaN(value)) return "–";
  if (value === 0 || !Number.isFinite(value)) return value === 0 ? "0" : "∞";
  return powerOfTen(value.toExponential(1));
}

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

// A number with three digits, "−0.0123"; very small and very large ones in powers of ten.
export function compact(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "–" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size >= 1e6 || (size > 0 && size < 1e-4)) return scientific(value);
  return String(Number(value.toPrecision(3))).replace("-", "−");
}

// A number that may be as large as a float: "36.9", "20,400", "2.4·10³²".
export function large(value: number): string {
  if (Math.abs(value) >= 1e6 || (value !== 0 && Math.abs(value) < 1e-3)) return scientific(value);
  return Math.abs(value) >= 1000 ? grouped(Number(value.toPrecision(3))) : compact(value);
}

// A number's text as people write it: "2.5e-7" becomes "2.5·10⁻⁷" and "1e5" becomes "10⁵". Others
// stay, with a real minus sign.
export function powerOfTen(text: string): string {
  const [digits, power] = text.split("e") as [string, string?];
  const number = digits.replace("-", "−");
  if (power === undefined) return number;
  const raised = [...String(Number(power))].map((sign) =>
    sign === "-" ? "⁻" : superscripts[+sign],
  );
  const factor = number === "1" ? "" : number === "−1" ? "−" : `${number}·`;
  return `${factor}10${raised.join("")}`;
}
