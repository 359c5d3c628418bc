/**
 * What a key or a click does: moves of the cursor and of the window.
 */
import { around, fitted, zoomed } from "./axis.ts";
import { firstWhere } from "./column.ts";
import { type LaneMode, lanesOf, pinnedFirst } from "./lanes.ts";
import { scrollToCursor } from "./scroll.ts";
import type { Store } from "./store.ts";

/** Goes to an event, and brings it into the window. */
export function goTo(store: Store, index: number): void {
  const { length } = store.loaded.recorded;
  const cursor = Math.max(-1, Math.min(index, length - 1));
  const { axis } = store;
  const { from, to } = store.shown.window;
  const at = axis.position(Math.max(cursor, 0));
  const margin = (to - from) * 0.05;
  const seen = at >= from + margin && at <= to - margin;
  const window = seen
    ? { from, to }
    : fitted(axis, { from: at - (to - from) / 2, to: at + (to - from) / 2 });
  store.show({ cursor, window });
  scrollToCursor(store);
}

/** Events on each side of a violation whose evidence is not known. */
const EVENTS_AROUND = 10;

/** Shows a violation: its evidence in the window, the cursor at the event that violates the rule. */
export function showFinding(store: Store, place: number): void {
  const violation = store.violations[place];
  if (violation === undefined) return;
  const { index, finding } = violation;
  const indexes = finding?.evidence.map((line) => line.index) ?? [
    index - EVENTS_AROUND,
    index + EVENTS_AROUND,
  ];
  const window = around(store.axis, Math.min(index, ...indexes), Math.max(index, ...indexes));
  store.show({ finding: place, cursor: index, window });
  pinLanes(store);
}

/** The lanes of the chosen finding's events come first. */
function pinLanes(store: Store): void {
  const { mode, lanes, finding } = store.shown;
  const { tasks, cpus, notifiers } = store.loaded.recorded;
  const column = { task: tasks, cpu: cpus, notifier: notifiers }[mode];
  const chosen = store.violations[finding];
  const evidence = chosen?.finding?.evidence ?? (chosen === undefined ? [] : [chosen]);
  const pinned = evidence.map(({ index }) => column.at(index));
  const selected = [...new Set(Array.from(store.selected ?? [], (index) => column.at(index)))];
  const usual = pinnedFirst(
    lanes.toSorted((a, b) => a.place - b.place),
    selected.toSorted((a, b) => a - b),
  );
  store.show({ lanes: pinnedFirst(usual, pinned), scroll: 0 });
  scrollToCursor(store);
}

/** The next violation after the cursor, or the previous one. */
export function stepFinding(store: Store, direction: 1 | -1): void {
  const { violations, shown } = store;
  const { cursor, finding } = shown;
  const first = (from: number): number =>
    firstWhere(0, violations.length, (place) => (violations[place]?.index ?? 0) >= from);
  const beside = direction > 0 ? first(cursor + 1) : first(cursor) - 1;
  // Several violations of one event come one after the other.
  const next = violations[finding]?.index === cursor ? finding + direction : beside;
  if (violations[next] === undefined) {
    store.show({ notice: violations.length === 0 ? "no violation" : "no further violation" });
  } else showFinding(store, next);
}

/** Makes the window wider or narrower around the cursor, if that is in it. */
export function zoomBy(store: Store, factor: number, place?: number): void {
  const { window, cursor } = store.shown;
  const { axis } = store;
  const at = axis.position(Math.max(cursor, 0));
  const inside = at >= window.from && at <= window.to;
  const middle = place ?? (inside ? at : (window.from + window.to) / 2);
  store.show({ window: fitted(axis, zoomed(window, factor, middle)) });
}

/** Moves the window by a part of its width. */
export function panBy(store: Store, part: number): void {
  const { from, to } = store.shown.window;
  const by = (to - from) * part;
  store.show({ window: fitted(store.axis, { from: from + by, to: to + by }) });
}

/** The window around the innermost span at the cursor, or around a few events. */
export function focus(store: Store): void {
  const { cursor } = store.shown;
  const at = Math.max(cursor, 0);
  const task = store.loaded.recorded.tasks.at(at);
  const end = firstWhere(0, store.spans.length, (place) => (store.spans[place]?.start ?? 0) > at);
  const span = store.spans
    .slice(Math.max(0, end - 4096), end)
    .findLast((one) => one.end >= at && one.task === task && one.end > one.start);
  const window =
    span === undefined
      ? around(store.axis, at - 10, at + 10)
      : around(store.axis, span.start, span.end);
  store.show({ window });
}

/** Follows an arrow from an invalidation to the retry that it caused, or back. */
export function followArrow(store: Store, direction: 1 | -1): void {
  const { arrows } = store.loaded.recorded.sections;
  const { cursor } = store.shown;
  const found =
    direction > 0
      ? (arrows.find(({ from }) => from === cursor)?.to ??
        arrows.find(({ from }) => from > cursor)?.from)
      : (arrows.findLast(({ to }) => to === cursor)?.from ??
        arrows.findLast(({ to }) => to < cursor)?.to);
  if (found === undefined) store.show({ notice: "no retry in this direction" });
  else goTo(store, found);
}

/** Remembers the cursor: first as A, then as B, then anew. */
export function mark(store: Store): void {
  const { cursor, marks } = store.shown;
  if (marks.a === null || marks.b !== null) store.show({ marks: { a: cursor, b: null } });
  else store.show({ marks: { a: marks.a, b: cursor } });
}

/** Shows lanes of another kind. */
export function showLanes(store: Store, mode: LaneMode): void {
  if (mode === "cpu" && store.head.header.kind === "run") {
    store.show({ notice: "a run has no CPUs" });
    return;
  }
  const { pointers } = store.report;
  const { recorded } = store.loaded;
  const lanes = lanesOf(recorded, store.spans, mode, (kind, id) => {
    if (kind === "cpu") return `CPU ${id}`;
    if (kind === "task") return store.taskName(id);
    const pointer = pointers[`notifier${id}`];
    return `notifier${id}${pointer === undefined ? "" : ` …${pointer.slice(-6)}`}`;
  });
  store.show({ mode, lanes });
  pinLanes(store);
}

/** Changes what the axis counts; the window keeps its events. */
export function toggleAxis(store: Store): void {
  const { axis, shown } = store;
  if (store.head.header.kind !== "recording") return;
  const last = store.loaded.recorded.length - 1;
  const [first, end] = [axis.indexAt(shown.window.from), axis.indexAt(shown.window.to)];
  store.show({ axis: axis.kind === "time" ? "event" : "time" });
  const next = store.axis;
  const window = {
    from: next.position(Math.max(0, first)),
    to: next.position(Math.min(last, end)),
  };
  store.show({ window: fitted(next, window) });
}
