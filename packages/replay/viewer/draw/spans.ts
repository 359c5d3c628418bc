/**
 * Spans, events and bands. What falls on the same pixel is drawn once: the next one is searched from the right
 * edge of the last, so that a frame costs as much as it has pixels, not as the file has events.
 */
import { firstWhere } from "../model/column.ts";
import type { Cover } from "../model/invalidations.ts";
import type { Span } from "../model/span.ts";
import type { Palette } from "./palette.ts";
import type { Scale } from "./scale.ts";

/** Narrower slices have no text. */
const TEXT_WIDTH_MIN = 34;

interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Calls `draw` for what is visible of ascending stretches that do not overlap. */
export function visibleStretches<T extends Stretch>(
  stretches: readonly T[],
  scale: Scale,
  draw: (stretch: T, left: number, right: number) => void,
): void {
  const count = stretches.length;
  const endOf = (place: number): number => stretches[place]?.end ?? 0;
  let at = firstWhere(0, count, (place) => scale.x(endOf(place)) >= scale.left);
  while (at < count) {
    const stretch = stretches[at] as T;
    const left = scale.x(stretch.start);
    if (left > scale.right) return;
    const right = Math.max(scale.x(stretch.end), left + 1.5);
    draw(stretch, Math.max(left, scale.left), Math.min(right, scale.right));
    const next = at + 1;
    // Whole stretches that end on the pixel just drawn would not be seen.
    at =
      next < count && scale.x(endOf(next)) < right
        ? firstWhere(next, count, (place) => scale.x(endOf(place)) >= right)
        : next;
  }
}

/** Colour of a span. */
export function colorOf(span: Span, palette: Palette): string {
  if (span.kind === "section") return palette[span.outcome];
  return span.kind === "callback" ? palette.callback : palette.invalidation;
}

/** What is written on a span. */
export function textOf(span: Span): string {
  if (span.kind !== "section") return span.label;
  return `${span.outcome === "unknown" ? "read section" : span.outcome} ${span.label}`;
}

/** Draws a row of spans. */
export function drawSpans(
  context: CanvasRenderingContext2D,
  spans: readonly Span[],
  scale: Scale,
  palette: Palette,
  top: number,
  height: number,
): void {
  visibleStretches(spans, scale, (span, left, right) => {
    const width = Math.max(right - left, 1.5);
    context.fillStyle = colorOf(span, palette);
    context.fillRect(left, top, width, height);
    if (width < TEXT_WIDTH_MIN) return;
    context.fillStyle = palette["on-slice"];
    context.save();
    context.beginPath();
    context.rect(left, top, width - 3, height);
    context.clip();
    context.fillText(textOf(span), left + 4, top + height / 2);
    context.restore();
  });
}

/** Draws the bands of an mm's invalidations. */
export function drawBands(
  context: CanvasRenderingContext2D,
  covers: readonly Cover[],
  scale: Scale,
  color: string,
  top: number,
  height: number,
): void {
  context.fillStyle = color;
  visibleStretches(covers, scale, (_, left, right) => {
    context.fillRect(left, top, Math.max(right - left, 1), height);
  });
}

/** Calls `draw` for ascending events that are in the window, at most once for two pixels. */
export function visibleEvents(
  events: Float64Array,
  scale: Scale,
  draw: (index: number, x: number) => void,
): void {
  const from = (index: number, low: number): number =>
    firstWhere(low, events.length, (place) => (events[place] as number) >= index);
  let at = from(scale.first, 0);
  while (at < events.length) {
    const index = events[at] as number;
    const x = scale.x(index);
    if (x > scale.right) return;
    draw(index, x);
    const next = events[at + 1];
    at =
      next !== undefined && scale.x(next) < x + 2
        ? from(scale.indexAtPixel(x + 2), at + 1)
        : at + 1;
  }
}
