// The QR code of a link as a picture: black on white also where the page is dark, which readers want,
// with the margin of four modules that belongs to it.
import { shape } from "../../ui/svg";
import { capacity, encode, largestVersion } from "./qr";

const margin = 4;
// Up to this version a code has modules large enough for the better error correction.
const smallVersion = 12;

/** The most bytes of a link. */
export const longestLink = capacity(largestVersion, "L");

/** The picture; undefined where the link is too long. */
export function qrCode(link: string): SVGSVGElement | undefined {
  const bytes = new TextEncoder().encode(link);
  const level = bytes.length <= capacity(smallVersion, "M") ? "M" : "L";
  const symbol = encode(bytes, level);
  if (!symbol) return undefined;
  const { size, dark } = symbol;
  let path = "";
  for (let row = 0; row < size; row++) {
    for (let from = 0; from < size; from++) {
      let to = from;
      while (to < size && dark[row * size + to]) to++;
      if (to === from) continue;
      path += `M${from + margin} ${row + margin}h${to - from}v1h${from - to}z`;
      from = to;
    }
  }
  const width = size + 2 * margin;
  const picture = shape(
    "svg",
    { viewBox: `0 0 ${width} ${width}`, role: "img", "shape-rendering": "crispEdges" },
    shape("rect", { width, height: width, fill: "#fff" }),
    shape("path", { d: path, fill: "#000" }),
  );
  picture.setAttribute("aria-label", "QR code of the link");
  return picture;
}
