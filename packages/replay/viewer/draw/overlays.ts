/**
 * What lies over the lanes: gaps, findings, matches, marks, and where one stands.
 */
import type { Store } from "../model/store.ts";
import { GUTTER, type PlacedLane, RULER } from "./layout.ts";
import type { Palette } from "./palette.ts";
import { durationText } from "./ruler.ts";
import type { Scale } from "./scale.ts";
import { visibleEvents } from "./spans.ts";

type Context = CanvasRenderingContext2D;

/** Shades what a processor lost: on its own lane, or on all where lanes are not processors. */
export function drawGaps(
  context: Context,
  { loaded, shown }: Store,
  lanes: readonly PlacedLane[],
  scale: Scale,
  palette: Palette,
): void {
  for (const { from, to, cpu } of loaded.recorded.gaps) {
    const left = Math.max(scale.x(from), scale.left);
    const right = Math.min(Math.max(scale.x(to), left + 2), scale.right);
    if (right <= scale.left || left >= scale.right) continue;
    for (const { lane, top, height } of lanes) {
      if (shown.mode === "cpu" && lane.id !== cpu) continue;
      context.globalAlpha = 0.22;
      context.fillStyle = palette.unknown;
      context.fillRect(left, top + 1, right - left, height - 2);
      context.globalAlpha = 1;
    }
    context.fillStyle = palette.text;
    if (right - left > 90) context.fillText(`unknown: CPU ${cpu} lost events`, left + 4, RULER + 8);
  }
}

/**
 * A line and a triangle at each event that violates a rule. No zoom hides one: of those that fall on one pixel of a
 * lane one is drawn.
 */
export function drawFindings(
  context: Context,
  { violations, violating, violatingOf, shown, loaded }: Store,
  lanes: readonly PlacedLane[],
  scale: Scale,
  palette: Palette,
  height: number,
): void {
  context.fillStyle = palette.stale;
  context.strokeStyle = palette.ground;
  context.lineWidth = 2;
  context.globalAlpha = 0.35;
  visibleEvents(violating, scale, (_, x) => context.fillRect(x - 0.5, RULER, 1, height - RULER));
  context.globalAlpha = 1;
  if (shown.mode === "task") {
    for (const { lane, top } of lanes) {
      const own = violatingOf.get(lane.id) ?? new Float64Array();
      visibleEvents(own, scale, (_, x) => triangle(context, x, top + 9, 5));
    }
  } else visibleEvents(violating, scale, (_, x) => triangle(context, x, RULER + 8, 5));
  // The chosen one last, over the others.
  const chosen = violations[shown.finding];
  const x = chosen === undefined ? Number.NaN : scale.x(chosen.index);
  if (chosen === undefined || x < scale.left || x > scale.right) return;
  context.globalAlpha = 0.9;
  context.fillRect(x - 0.5, RULER, 1.5, height - RULER);
  context.globalAlpha = 1;
  const task = loaded.recorded.tasks.at(chosen.index);
  const own = lanes.find(({ lane }) => shown.mode === "task" && lane.id === task);
  triangle(context, x, own === undefined ? RULER + 8 : own.top + 9, 7);
  if (own !== undefined) flag(context, palette, chosen.rule, x + 9, own.top + 3);
}

/** The rule's name on a ground of its own: there may be a slice below it. */
function flag(context: Context, palette: Palette, text: string, x: number, y: number): void {
  context.font = "600 11px system-ui, sans-serif";
  context.fillStyle = palette.stale;
  context.fillRect(x, y, context.measureText(text).width + 8, 14);
  context.fillStyle = palette["on-slice"];
  context.fillText(text, x + 4, y + 7.5);
}

/** The events that prove the chosen finding, numbered as in the list of them. */
export function drawEvidence(
  context: Context,
  { violations, shown, loaded }: Store,
  lanes: readonly PlacedLane[],
  scale: Scale,
  palette: Palette,
): void {
  const evidence = violations[shown.finding]?.finding?.evidence ?? [];
  const { tasks, cpus, notifiers } = loaded.recorded;
  const column = { task: tasks, cpu: cpus, notifier: notifiers }[shown.mode];
  context.font = "600 10px system-ui, sans-serif";
  for (const [at, { index }] of evidence.entries()) {
    const x = scale.x(index);
    const own = lanes.find(({ lane }) => lane.id === column.at(index));
    if (own === undefined || x < scale.left || x > scale.right) continue;
    const y = own.top + own.height - 11;
    context.fillStyle = palette.stale;
    context.beginPath();
    context.arc(x, y, 7, 0, 2 * Math.PI);
    context.fill();
    context.fillStyle = palette["on-slice"];
    const text = String(at + 1);
    context.fillText(text, x - context.measureText(text).width / 2, y + 0.5);
  }
}

function triangle(context: Context, x: number, y: number, size: number): void {
  context.beginPath();
  context.moveTo(x - size, y - size);
  context.lineTo(x + size, y - size);
  context.lineTo(x, y + size);
  context.closePath();
  // A rim: the slice below may be red, too.
  context.stroke();
  context.fill();
}

/** A short line at the head of each match of a search. */
export function drawMatches(
  context: Context,
  { shown }: Store,
  scale: Scale,
  palette: Palette,
  height: number,
): void {
  if (shown.search.matches === null) return;
  context.fillStyle = palette.match;
  visibleEvents(shown.search.matches, scale, (_, x) => {
    context.globalAlpha = 0.25;
    context.fillRect(x - 0.5, RULER, 1, height - RULER);
    context.globalAlpha = 1;
    context.fillRect(x - 1, RULER, 2, 7);
  });
}

/** The marks A and B, and what lies between them. */
export function drawMarks(
  context: Context,
  { shown, loaded, head }: Store,
  scale: Scale,
  palette: Palette,
  height: number,
): void {
  const { a, b } = shown.marks;
  const { times } = loaded.recorded;
  context.font = "600 11px system-ui, sans-serif";
  for (const [name, index] of [
    ["A", a],
    ["B", b],
  ] as const) {
    if (index === null) continue;
    const x = scale.x(Math.max(index, 0));
    if (x < scale.left || x > scale.right) continue;
    context.fillStyle = palette.mark;
    context.fillRect(x - 0.5, 0, 1.5, height);
    context.fillRect(x, 2, 14, 14);
    context.fillStyle = palette["on-slice"];
    context.fillText(name, x + 3.5, 9.5);
  }
  if (a === null || b === null) return;
  const [left, right] = [scale.x(Math.min(a, b)), scale.x(Math.max(a, b))];
  context.globalAlpha = 0.12;
  context.fillStyle = palette.mark;
  context.fillRect(
    Math.max(left, GUTTER),
    RULER,
    Math.min(right, scale.right) - Math.max(left, GUTTER),
    height,
  );
  context.globalAlpha = 1;
  const time = (times.at(b) || 0) - (times.at(a) || 0);
  const clock = head.header.clock;
  const text = `${b - a} events${clock === undefined ? "" : `, ${durationText(clock.unit, time)}`}`;
  context.fillStyle = palette.mark;
  const middle = (Math.max(left, GUTTER) + Math.min(right, scale.right)) / 2;
  context.fillText(text, middle - context.measureText(text).width / 2, height - 8);
}

/** The line where one stands, and a dot on the lane of the event. */
export function drawCursor(
  context: Context,
  { shown, loaded }: Store,
  lanes: readonly PlacedLane[],
  scale: Scale,
  palette: Palette,
  height: number,
): void {
  const x = scale.x(Math.max(shown.cursor, 0));
  if (x < scale.left - 1 || x > scale.right + 1) return;
  context.fillStyle = palette.cursor;
  context.fillRect(x - 0.75, RULER, 1.5, height);
  const { tasks, cpus, notifiers } = loaded.recorded;
  const column = { task: tasks, cpu: cpus, notifier: notifiers }[shown.mode];
  const own = lanes.find(({ lane }) => lane.id === column.at(Math.max(shown.cursor, 0)));
  if (own === undefined) return;
  context.beginPath();
  context.arc(x, own.top + own.height - 10, 4.5, 0, 2 * Math.PI);
  context.fill();
}
