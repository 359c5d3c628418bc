/**
 * The strip with the whole file: drag the window, drag its handles, or click to bring it there.
 */
import { useRef } from "preact/hooks";
import { drawMinimapGround, drawMinimapWindow, HANDLE, minimapScale } from "../draw/minimap.ts";
import type { Palette } from "../draw/palette.ts";
import { fitted, type Window } from "../model/axis.ts";
import type { Store } from "../model/store.ts";
import { useCanvas } from "./use-canvas.ts";
import { useStore } from "./use-shown.ts";

type Part = "from" | "to" | "both";

/** The minimap. */
export function Minimap() {
  const store = useStore();
  const ground = useRef<{ key: string; canvas: OffscreenCanvas } | null>(null);
  const { ref, size } = useCanvas((context, palette, width, height) => {
    const { phase, axis } = store.shown;
    const key = [phase, axis, width, height, palette.ground, devicePixelRatio].join();
    if (ground.current?.key !== key) {
      ground.current = { key, canvas: groundOf(store, palette, width, height) };
    }
    context.drawImage(ground.current.canvas, 0, 0, width, height);
    drawMinimapWindow(context, store, palette, width, height);
  });
  const drag = useRef<{ part: Part; x: number; window: Window } | null>(null);
  return (
    <canvas
      ref={ref}
      class="minimap"
      role="img"
      aria-label="The whole file, with the part that the lanes show. Keys W, S, A and D move that."
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        const { width } = size();
        const part = partAt(store, event.offsetX, width);
        if (part === undefined) center(store, event.offsetX, width);
        drag.current = { part: part ?? "both", x: event.offsetX, window: store.shown.window };
      }}
      onPointerMove={(event) => {
        const from = drag.current;
        if (from === null) return;
        const { whole } = store.axis;
        const by = ((event.offsetX - from.x) / size().width) * (whole.to - whole.from);
        const { part, window } = from;
        store.show({
          window: fitted(store.axis, {
            from: window.from + (part === "to" ? 0 : by),
            to: window.to + (part === "from" ? 0 : by),
          }),
        });
      }}
      onPointerUp={() => {
        drag.current = null;
      }}
    />
  );
}

function groundOf(store: Store, palette: Palette, width: number, height: number): OffscreenCanvas {
  const ratio = devicePixelRatio;
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.round(width * ratio)),
    Math.max(1, Math.round(height * ratio)),
  );
  const context = canvas.getContext("2d") as unknown as CanvasRenderingContext2D;
  context.scale(ratio, ratio);
  drawMinimapGround(context, store, palette, width, height);
  return canvas;
}

function pixelOf(store: Store, place: number, width: number): number {
  const { whole } = store.axis;
  return ((place - whole.from) / (whole.to - whole.from)) * width;
}

/** What is under the pointer; undefined: nothing of the window. */
function partAt(store: Store, x: number, width: number): Part | undefined {
  const { from, to } = store.shown.window;
  const [left, right] = [pixelOf(store, from, width), pixelOf(store, to, width)];
  if (Math.abs(x - left) <= HANDLE) return "from";
  if (Math.abs(x - right) <= HANDLE) return "to";
  return x > left && x < right ? "both" : undefined;
}

function center(store: Store, x: number, width: number): void {
  const { from, to } = store.shown.window;
  const at = minimapScale(store, width).place(x);
  const half = (to - from) / 2;
  store.show({ window: fitted(store.axis, { from: at - half, to: at + half }) });
}
