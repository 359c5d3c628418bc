/**
 * The timeline: ruler, lanes with bands, spans and events, arrows, gaps, findings, marks and the cursor.
 */
import type { Store } from "../model/store.ts";
import { drawArrows } from "./arrows.ts";
import { GUTTER, PADDING, type PlacedLane, placed, ROW, RULER, TICKS } from "./layout.ts";
import {
  drawCursor,
  drawEvidence,
  drawFindings,
  drawGaps,
  drawMarks,
  drawMatches,
} from "./overlays.ts";
import type { Palette } from "./palette.ts";
import { axisText, roundStep } from "./ruler.ts";
import { type Scale, scaleOf } from "./scale.ts";
import { drawBands, drawSpans, visibleEvents } from "./spans.ts";

/** Room of a number on the ruler. */
const NUMBER_WIDTH = 96;

/** Draws everything; sizes are in CSS pixels. */
export function drawScene(
  context: CanvasRenderingContext2D,
  store: Store,
  palette: Palette,
  width: number,
  height: number,
): void {
  const { shown, axis } = store;
  const scale = scaleOf(axis, shown.window, GUTTER, width);
  const lanes = placed(shown.lanes, shown.scroll);
  const seen = lanes.filter(({ top, height: own }) => top + own > RULER && top < height);
  context.font = "11px system-ui, sans-serif";
  context.textBaseline = "middle";
  context.fillStyle = palette.ground;
  context.fillRect(0, 0, width, height);
  for (const lane of seen) drawGround(context, lane, palette, width);
  drawGaps(context, store, seen, scale, palette);
  for (const lane of seen) drawLane(context, store, lane, scale, palette);
  drawMatches(context, store, scale, palette, height);
  drawArrows(context, store, lanes, scale, palette);
  drawFindings(context, store, seen, scale, palette, height);
  drawCursor(context, store, seen, scale, palette, height);
  drawEvidence(context, store, seen, scale, palette);
  drawNames(context, store, seen, palette, height);
  drawRuler(context, store, scale, palette, width);
  drawMarks(context, store, scale, palette, height);
}

function drawGround(
  context: CanvasRenderingContext2D,
  { top, height }: PlacedLane,
  palette: Palette,
  width: number,
): void {
  context.fillStyle = palette.lane;
  context.fillRect(GUTTER, top + 1, width - GUTTER, height - 2);
}

function drawLane(
  context: CanvasRenderingContext2D,
  store: Store,
  { lane, top, height }: PlacedLane,
  scale: Scale,
  palette: Palette,
): void {
  const { recorded } = store.loaded;
  for (const mm of lane.mms) {
    const covers = recorded.invalidations.covers.get(mm);
    if (covers !== undefined) drawBands(context, covers, scale, palette.band, top + 1, height - 2);
  }
  for (const [row, spans] of lane.rows.entries()) {
    drawSpans(context, spans, scale, palette, top + PADDING + row * ROW, ROW - 2);
  }
  context.fillStyle = palette.tick;
  const foot = top + height - PADDING;
  visibleEvents(lane.events, scale, (_, x) => {
    context.fillRect(x - 0.5, foot - TICKS + 2, 1, TICKS - 2);
  });
}

function drawNames(
  context: CanvasRenderingContext2D,
  { shown, loaded }: Store,
  lanes: readonly PlacedLane[],
  palette: Palette,
  height: number,
): void {
  context.fillStyle = palette.ground;
  context.fillRect(0, 0, GUTTER, height);
  const task = loaded.recorded.tasks.at(Math.max(shown.cursor, 0));
  for (const { lane, top, height: own } of lanes) {
    const current = shown.mode === "task" && lane.id === task;
    context.fillStyle = palette.text;
    context.font = `${current ? "600 " : ""}12px system-ui, sans-serif`;
    context.fillText(lane.label, 8, top + own / 2 - 6, GUTTER - 14);
    context.font = "10px system-ui, sans-serif";
    context.fillStyle = palette.faint;
    const mms = [...lane.mms].filter((mm) => mm >= 0).map((mm) => `mm${mm}`);
    context.fillText(
      `${mms.slice(0, 3).join(" ")} ${lane.events.length} events`.trim(),
      8,
      top + own / 2 + 8,
      GUTTER - 14,
    );
    context.fillStyle = palette.line;
    context.fillRect(0, top + own - 1, scaleWidth(context), 1);
  }
}

function scaleWidth({ canvas }: CanvasRenderingContext2D): number {
  return canvas.width;
}

function drawRuler(
  context: CanvasRenderingContext2D,
  { shown, axis, head }: Store,
  scale: Scale,
  palette: Palette,
  width: number,
): void {
  context.fillStyle = palette.ground;
  context.fillRect(0, 0, width, RULER);
  context.fillStyle = palette.line;
  context.fillRect(0, RULER - 1, width, 1);
  const { from, to } = shown.window;
  const step = roundStep(((to - from) / (scale.right - scale.left)) * NUMBER_WIDTH);
  const unit = head.header.clock?.unit ?? "ns";
  context.font = "11px system-ui, sans-serif";
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
    const x = scale.left + ((at - from) / (to - from)) * (scale.right - scale.left);
    context.fillStyle = palette.line;
    context.fillRect(x, RULER - 6, 1, 6);
    context.fillStyle = palette.faint;
    context.fillText(axisText(axis.kind, unit, at), x + 3, RULER / 2);
  }
  context.fillStyle = palette.ground;
  context.fillRect(0, 0, GUTTER, RULER - 1);
  context.fillStyle = palette.faint;
  context.fillText(axis.kind === "time" ? "time from the start" : "event number", 8, RULER / 2);
}
