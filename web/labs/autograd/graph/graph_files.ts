// Files of the graph: a picture, and its gradients as a table.
import { downloadBlob, downloadCanvas, downloadTable, type Cell } from "../../../ui/download";
import { shape } from "../../../ui/svg";
import type { Graph } from "../engine/graph";
import { labels } from "../language/numbers";

export const saveGradients = (graph: Graph) => downloadTable("gradients.csv", rows(graph));
export const savePicture = (svg: SVGSVGElement) => downloadBlob("graph.svg", picture(svg));

/** The table, with a row for each element of each tensor. Rows and columns count from 0. */
export function rows({ nodes }: Graph): Cell[][] {
  const names = labels(nodes);
  return [
    ["tensor", "op", "row", "column", "value", "gradient"],
    ...nodes.flatMap(({ op, values, shape, grad }, i) => {
      const columns = shape.at(-1) ?? 1;
      return Array.from(values, (value, k) => [
        names[i]!,
        op,
        Math.floor(k / columns),
        k % columns,
        value,
        grad?.[k],
      ]);
    }),
  ];
}

// The style sheet's rules as attributes, since a file has no style sheet, and the page's policy
// forbids styles in elements.
const styles = [
  ...["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray"],
  ...["font-family", "font-size", "font-style", "font-weight", "text-anchor", "opacity"],
];

function picture(svg: SVGSVGElement): Blob {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const [from, to] = [svg, copy].map((root) => [root, ...root.querySelectorAll<SVGElement>("*")]);
  from!.forEach((element, i) => {
    const computed = getComputedStyle(element);
    for (const name of styles) to![i]!.setAttribute(name, computed.getPropertyValue(name));
    to![i]!.removeAttribute("style");
    to![i]!.removeAttribute("class");
  });
  const { x, y, width, height } = svg.viewBox.baseVal;
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  const fill = getComputedStyle(document.body).backgroundColor;
  copy.prepend(shape("rect", { x, y, width, height, fill }));
  return new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" });
}

export async function savePixels(svg: SVGSVGElement): Promise<void> {
  const { width, height } = svg.viewBox.baseVal;
  const image = new Image();
  const address = URL.createObjectURL(picture(svg));
  image.src = address;
  await image.decode();
  URL.revokeObjectURL(address);
  const canvas = document.createElement("canvas");
  // The pixels of the file for one of the page.
  const sharp = 2;
  canvas.width = Math.ceil(width * sharp);
  canvas.height = Math.ceil(height * sharp);
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
  await downloadCanvas("graph.png", canvas);
}
