// A mark at one step of a figure: a dashed line with the step's number beside it.
import { grouped } from "../format";
import type uPlot from "uplot";

export interface Mark {
  // The place of the step on the axis of epochs.
  at: number;
  step: number;
}

// Draws the mark, if there is one, into a figure whose values fall as they get better, or rise;
// `scale` is the number of canvas pixels per pixel of the design.
export function drawMark(
  plot: uPlot,
  mark: Mark | undefined,
  falls: boolean,
  color: string,
  scale: number,
): void {
  if (!mark) return;
  const { ctx, bbox } = plot;
  const x = Math.min(
    Math.max(plot.valToPos(mark.at, "x", true), bbox.left + scale),
    bbox.left + bbox.width - scale,
  );
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = color;
  ctx.lineWidth = 1.5 * scale;
  ctx.setLineDash([2 * scale, 3 * scale]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.font = `600 ${13 * scale}px "Source Sans 3", system-ui, sans-serif`;
  const isLeft = x < bbox.left + bbox.width / 2;
  ctx.textAlign = isLeft ? "left" : "right";
  const text = `step ${grouped(mark.step)}`;
  // The label stands where the curve is not: at the left end, values stay bad, and at the right end
  // they were good before.
  const isBelow = falls === isLeft;
  ctx.textBaseline = isBelow ? "bottom" : "top";
  const y = isBelow ? bbox.top + bbox.height - 4 * scale : bbox.top + 4 * scale;
  ctx.fillText(text, x + (isLeft ? 6 : -6) * scale, y);
  ctx.restore();
}
