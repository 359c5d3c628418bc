/**
 * The lanes on their canvas, with mouse and wheel: click goes to an event, drag pans, Ctrl-wheel zooms.
 */
import { useEffect, useRef } from "preact/hooks";
import { GUTTER, placed, RULER, totalHeight } from "../draw/layout.ts";
import { drawScene } from "../draw/scene.ts";
import { scaleOf } from "../draw/scale.ts";
import { firstWhere } from "../model/column.ts";
import { goTo, panBy, zoomBy } from "../model/moves.ts";
import type { Store } from "../model/store.ts";
import { useCanvas } from "./use-canvas.ts";
import { useStore } from "./use-shown.ts";

/** Fewer pixels are a click, more a drag. */
const CLICK_PIXELS = 4;

/** The timeline. */
export function Timeline() {
  const store = useStore();
  const { ref, size } = useCanvas((context, palette, width, height) => {
    drawScene(context, store, palette, width, height);
  });
  const drag = useRef<{ x: number; y: number; moved: boolean } | null>(null);
  useEffect(() => {
    const canvas = ref.current;
    if (canvas === null) return;
    // Preact's own listener would be passive: the page would zoom, too.
    const wheel = (event: WheelEvent): void => onWheel(store, event, size());
    canvas.addEventListener("wheel", wheel, { passive: false });
    return () => canvas.removeEventListener("wheel", wheel);
  }, [store]);
  return (
    <canvas
      ref={ref}
      class="timeline"
      role="img"
      aria-label="Lanes of events over time. All of it is in the list of events, too; press ? for the keys."
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { x: event.offsetX, y: event.offsetY, moved: false };
      }}
      onPointerMove={(event) => {
        const from = drag.current;
        if (from === null) return;
        const by = event.offsetX - from.x;
        const down = event.offsetY - from.y;
        if (!from.moved && Math.abs(by) + Math.abs(down) < CLICK_PIXELS) return;
        drag.current = { x: event.offsetX, y: event.offsetY, moved: true };
        panBy(store, -by / (size().width - GUTTER));
        scrollLanes(store, -down, size().height);
      }}
      onPointerUp={(event) => {
        if (drag.current?.moved === false) pick(store, event.offsetX, event.offsetY, size().width);
        drag.current = null;
      }}
    />
  );
}

function onWheel(store: Store, event: WheelEvent, { width, height }: Size): void {
  event.preventDefault();
  const sideways = event.shiftKey ? event.deltaY : event.deltaX;
  if (event.ctrlKey || event.metaKey) {
    const scale = scaleOf(store.axis, store.shown.window, GUTTER, width);
    zoomBy(store, 1.0018 ** event.deltaY, scale.place(event.offsetX));
  } else if (sideways !== 0) panBy(store, sideways / (width - GUTTER));
  else scrollLanes(store, event.deltaY, height);
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function scrollLanes(store: Store, by: number, height: number): void {
  const most = Math.max(0, totalHeight(store.shown.lanes) + RULER - height);
  store.show({ scroll: Math.min(Math.max(store.shown.scroll + by, 0), most) });
}

/** Goes to the nearest event of the lane under the pointer. */
function pick(store: Store, x: number, y: number, width: number): void {
  const { shown, axis } = store;
  const scale = scaleOf(axis, shown.window, GUTTER, width);
  const lane = placed(shown.lanes, shown.scroll).find(
    ({ top, height }) => y >= Math.max(top, RULER) && y < top + height,
  )?.lane;
  if (lane === undefined || x < GUTTER) return;
  const { events } = lane;
  const after = firstWhere(0, events.length, (at) => scale.x(events[at] as number) >= x);
  const near = [events[after - 1], events[after]].filter((index) => index !== undefined);
  const distance = (index: number): number => Math.abs(scale.x(index) - x);
  near.sort((a, b) => distance(a) - distance(b));
  if (near[0] !== undefined) goTo(store, near[0]);
}
