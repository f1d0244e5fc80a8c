// Some rows and columns of a large tensor's numbers, labelled; fields choose which.
import { make, table } from "../../../ui/dom";
import { short, size } from "../language/numbers";

const [mostRows, mostColumns] = [12, 8];

export function numberTable(
  name: string,
  values: Float32Array,
  shape: readonly number[],
): HTMLElement {
  const columns = shape.at(-1) ?? 1;
  const rows = shape.at(-2) ?? 1;
  const planes = values.length / (rows * columns);
  const place = make("div", { className: "scroll", tabIndex: 0, role: "region" });
  place.ariaLabel = `Numbers of ${name}, ${size(shape)}`;
  const from = [
    { what: "Picture", count: planes, seen: 1 },
    { what: "From row", count: rows, seen: mostRows },
    { what: "From column", count: columns, seen: mostColumns },
  ].map(({ what, count, seen }) => {
    const last = Math.max(0, count - seen);
    const input = make("input", { type: "number", min: "0", max: String(last), value: "0" });
    input.addEventListener("input", draw);
    const label = make("label", { className: "from" }, what, input, `to ${count - 1}`);
    label.hidden = last === 0;
    const get = () => Math.max(0, Math.min(last, Math.floor(Number(input.value) || 0)));
    return { label, get };
  });

  function draw(): void {
    const [plane, top, left] = from.map(({ get }) => get()) as [number, number, number];
    const across = Math.min(mostColumns, columns - left);
    const head = ["", ...Array.from({ length: across }, (_, column) => String(left + column))];
    const body = Array.from({ length: Math.min(mostRows, rows - top) }, (_, row) => {
      const start = (plane * rows + top + row) * columns + left;
      return [
        String(top + row),
        ...Array.from(values.subarray(start, start + across), (value) => short(value)),
      ];
    });
    head[0] = "row";
    place.replaceChildren(table(head, body));
  }
  draw();
  return make(
    "div",
    { className: "window" },
    make("div", { className: "froms" }, ...from.map(({ label }) => label)),
    place,
  );
}
