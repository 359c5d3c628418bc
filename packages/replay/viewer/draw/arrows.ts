/**
 * Arrows from an invalidation's callback to the retry that it caused.
 */
import { arrowsIn, isTooMany } from "../model/arrows.ts";
import type { Arrow } from "../model/span.ts";
import type { Store } from "../model/store.ts";
import { PADDING, type PlacedLane, ROW, RULER } from "./layout.ts";
import type { Palette } from "./palette.ts";
import type { Scale } from "./scale.ts";

/** Draws the arrows of the window, unless they are too many to be told apart. */
export function drawArrows(
  context: CanvasRenderingContext2D,
  { loaded, shown }: Store,
  lanes: readonly PlacedLane[],
  scale: Scale,
  palette: Palette,
): void {
  const arrows = arrowsIn(loaded.recorded.sections.arrows, scale.first, scale.end);
  if (isTooMany(arrows)) return;
  const tops = new Map(lanes.map(({ lane, top }) => [lane.id, top + PADDING + ROW / 2]));
  context.save();
  context.beginPath();
  context.rect(scale.left, RULER, scale.right - scale.left, context.canvas.height);
  context.clip();
  for (const arrow of arrows) {
    const [from, to] = endsOf(arrow, shown.mode);
    const [y, target] = [tops.get(from), tops.get(to)];
    if (y === undefined || target === undefined) continue;
    curve(context, palette, scale.x(arrow.from), y, scale.x(arrow.to), target);
  }
  context.restore();
}

function endsOf(arrow: Arrow, mode: "task" | "cpu" | "notifier"): [number, number] {
  if (mode === "task") return [arrow.fromTask, arrow.toTask];
  return mode === "cpu" ? [arrow.fromCpu, arrow.toCpu] : [arrow.notifier, arrow.notifier];
}

function curve(
  context: CanvasRenderingContext2D,
  palette: Palette,
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
): void {
  const bend = Math.max((toX - fromX) / 2, 12);
  context.strokeStyle = palette.retried;
  context.fillStyle = palette.retried;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(fromX, fromY);
  context.bezierCurveTo(fromX + bend, fromY, toX - bend, toY, toX, toY);
  context.stroke();
  context.beginPath();
  context.moveTo(toX, toY);
  context.lineTo(toX - 7, toY - 4);
  context.lineTo(toX - 7, toY + 4);
  context.fill();
}
