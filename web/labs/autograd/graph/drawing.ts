// The graph as a picture: a card for each tensor with its name or operation, value and gradient,
// and the edges between them.
import { cardOf, drawn, type Card } from "./cards";
import { edges, roomOf } from "./edges";
import type { Graph } from "../engine/graph";
import { layOut, type Layout } from "./layout";
import { labels } from "../language/numbers";
import { known, type Known, type Step } from "../run/walk_steps";
import { shape } from "../../../ui/svg";

export interface DrawingOptions {
  // The element that scrolls.
  region: HTMLElement;
  onChoose(node: number): void;
}

export class Drawing {
  readonly svg = shape("svg", { role: "img" });
  private graph: Graph | undefined;
  private steps: readonly Step[] = [];
  private at = 0;

  constructor(private readonly options: DrawingOptions) {
    const { region } = options;
    region.append(this.svg);
    this.svg.addEventListener("click", (event) => {
      const card = (event.target as Element).closest<SVGElement>("[data-node]");
      if (card) options.onChoose(Number(card.dataset["node"]));
    });
    new ResizeObserver(() => this.draw()).observe(region);
  }

  show(graph: Graph, steps: readonly Step[], at: number): void {
    Object.assign(this, { graph, steps, at });
    this.draw();
  }

  private draw(): void {
    const { graph, steps, at, svg } = this;
    const { region } = this.options;
    if (!graph || region.clientWidth === 0) return;
    const { nodes } = graph;
    const names = labels(nodes);
    const cards = nodes.map((node, i) => cardOf(node, names[i]!, i === nodes.length - 1));
    const down = region.clientWidth < 700;
    const layout = layOut(
      cards,
      nodes.map(({ sources }) => sources),
      down,
      down ? { along: 46, across: 16 } : { along: 46, across: 18 },
      (from, to) => {
        if (down) return 0;
        const { parts, shape } = nodes[to]!;
        return roomOf(parts, from, shape);
      },
    );
    const step = steps[at]!;
    const now = known(graph, steps, at);
    svg.replaceChildren(
      ...edges(graph, layout, now, step, down),
      ...cards.map((card, i) => drawn(card, i, layout.places[i]!, now, step, graph)),
    );
    svg.ariaLabel = spoken(graph, names, now);

    // There is room for outlines. The picture is as wide as the region where that leaves it
    // legible; else the region scrolls.
    const margin = 6;
    const [width, height] = [layout.width + 2 * margin, layout.height + 2 * margin];
    svg.setAttribute("viewBox", `${-margin} ${-margin} ${width} ${height}`);
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize) / 17;
    const scale = rem * Math.max(0.82, Math.min(1.1, region.clientWidth / (width * rem)));
    svg.style.width = `${width * scale}px`;
    svg.style.height = `${height * scale}px`;
    this.bringIntoSight(step, layout, cards, scale);
  }

  private bringIntoSight(step: Step, layout: Layout, cards: Card[], scale: number): void {
    const { region } = this.options;
    if (!("node" in step)) return;
    const left = layout.places[step.node]!.x * scale;
    const right = left + cards[step.node]!.width * scale;
    const room = 90;
    if (left - room < region.scrollLeft) region.scrollLeft = left - room;
    else if (right + room > region.scrollLeft + region.clientWidth) {
      region.scrollLeft = right + room - region.clientWidth;
    }
  }
}

function spoken({ nodes }: Graph, names: string[], now: Known): string {
  const leaves = nodes.filter(({ op }) => op === "").length;
  const values = now.values.filter(Boolean).length;
  const gradients = now.complete.filter(Boolean).length;
  return `Graph of ${nodes.length} tensors, ${leaves} of them leaves; its result is ${names.at(-1)}. ${values} values and ${gradients} gradients are known at this step. The table below the graph says all numbers.`;
}
