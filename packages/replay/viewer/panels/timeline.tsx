/**
 * The lanes on their canvas, with mouse and wheel: click goes to an event, drag pans, Ctrl-wheel zooms.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import {
  GUTTER,
  PADDING,
  type PlacedLane,
  placed,
  ROW,
  RULER,
  totalHeight,
} from "../draw/layout.ts";
import { scaleOf } from "../draw/scale.ts";
import { drawScene } from "../draw/scene.ts";
import { textOf } from "../draw/spans.ts";
import { firstWhere } from "../model/column.ts";
import { goTo, panBy, zoomBy } from "../model/moves.ts";
import { giveRoom, scrollLanes } from "../model/scroll.ts";
import { sentence } from "../model/sentence.ts";
import type { Store } from "../model/store.ts";
import { useCanvas } from "./use-canvas.ts";
import { useShown, useStore } from "./use-shown.ts";

/** Fewer pixels are a click, more a drag. */
const CLICK_PIXELS = 4;
/** An event that is further away is not told. */
const TIP_PIXELS = 8;
/** Room below the lanes for what lies between the marks. */
const MARKS_ROOM = 20;

/** The timeline. */
export function Timeline() {
  const store = useStore();
  const lanes = useShown((shown) => shown.lanes);
  const [tip, setTip] = useState<Tip | null>(null);
  const { ref, size } = useCanvas((context, palette, width, height) => {
    giveRoom(store, height);
    drawScene(context, store, palette, width, height);
  });
  const drag = useRef<{ x: number; y: number; moved: boolean } | null>(null);
  useEffect(() => {
    const canvas = ref.current;
    if (canvas === null) return;
    // Preact's own listener would be passive: the page would zoom, too.
    const wheel = (event: WheelEvent): void => onWheel(store, event, size().width);
    canvas.addEventListener("wheel", wheel, { passive: false });
    return () => canvas.removeEventListener("wheel", wheel);
  }, [store]);
  const move = (event: PointerEvent): void => {
    const from = drag.current;
    if (from === null) {
      setTip(tipAt(store, event, size().width));
      return;
    }
    const by = event.offsetX - from.x;
    const down = event.offsetY - from.y;
    if (!from.moved && Math.abs(by) + Math.abs(down) < CLICK_PIXELS) return;
    drag.current = { x: event.offsetX, y: event.offsetY, moved: true };
    panBy(store, -by / (size().width - GUTTER));
    scrollLanes(store, -down);
  };
  return (
    <>
      <canvas
        ref={ref}
        class="timeline"
        role="img"
        aria-label="Lanes of events over time. All of it is in the list of events, too; press ? for the keys."
        style={{ height: `${totalHeight(lanes) + RULER + MARKS_ROOM}px` }}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          drag.current = { x: event.offsetX, y: event.offsetY, moved: false };
        }}
        onPointerMove={move}
        onPointerLeave={() => setTip(null)}
        onPointerUp={(event) => {
          if (drag.current?.moved === false) {
            const near = nearest(store, event.offsetX, event.offsetY, size().width);
            if (near !== undefined) goTo(store, near);
          }
          drag.current = null;
        }}
      />
      {tip !== null && (
        <div class="tip" style={{ left: `${tip.x + 12}px`, top: `${tip.y + 14}px` }}>
          {tip.text}
        </div>
      )}
    </>
  );
}

interface Tip {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

/** What is under the pointer: the span, if there is one, and the nearest event, if it is near. */
function tipAt(store: Store, event: PointerEvent, width: number): Tip | null {
  const { offsetX: x, offsetY: y, clientX, clientY } = event;
  const own = laneAt(store, y);
  const index = nearest(store, x, y, width);
  if (own === undefined || index === undefined) return null;
  const scale = scaleOf(store.axis, store.shown.window, GUTTER, width);
  const row = own.lane.rows[Math.floor((y - own.top - PADDING) / ROW)] ?? [];
  const after = firstWhere(0, row.length, (at) => scale.x(row[at]?.end ?? 0) >= x);
  const span = row[after];
  const words: string[] = [];
  if (span !== undefined && scale.x(span.start) <= x + 1) {
    words.push(`${span.kind}: ${textOf(span)} (events ${span.start} to ${span.end})`);
  }
  if (Math.abs(scale.x(index) - x) < TIP_PIXELS) {
    words.push(`#${index} ${sentence(store.loaded.timeline.eventAt(index))}`);
  }
  return words.length === 0 ? null : { x: clientX, y: clientY, text: words.join("\n") };
}

function onWheel(store: Store, event: WheelEvent, width: number): void {
  event.preventDefault();
  const sideways = event.shiftKey ? event.deltaY : event.deltaX;
  if (event.ctrlKey || event.metaKey) {
    const scale = scaleOf(store.axis, store.shown.window, GUTTER, width);
    zoomBy(store, 1.0018 ** event.deltaY, scale.place(event.offsetX));
  } else if (sideways !== 0) panBy(store, sideways / (width - GUTTER));
  else scrollLanes(store, event.deltaY);
}

function laneAt(store: Store, y: number): PlacedLane | undefined {
  return placed(store.shown.lanes, store.shown.scroll).find(
    ({ top, height }) => y >= Math.max(top, RULER) && y < top + height,
  );
}

/** The event of the lane under the pointer that is nearest to it. */
function nearest(store: Store, x: number, y: number, width: number): number | undefined {
  const scale = scaleOf(store.axis, store.shown.window, GUTTER, width);
  const lane = laneAt(store, y)?.lane;
  if (lane === undefined || x < GUTTER) return undefined;
  const { events } = lane;
  const after = firstWhere(0, events.length, (at) => scale.x(events[at] as number) >= x);
  const near = [events[after - 1], events[after]].filter((index) => index !== undefined);
  const distance = (index: number): number => Math.abs(scale.x(index) - x);
  return near.sort((a, b) => distance(a) - distance(b))[0];
}
