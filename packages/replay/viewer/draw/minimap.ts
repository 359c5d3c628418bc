/**
 * The whole file in one strip: how many events, where invalidations are open, where rules are violated, and the
 * window with its two handles.
 */
import type { Store } from "../model/store.ts";
import type { Palette } from "./palette.ts";
import { type Scale, scaleOf } from "./scale.ts";

/** Width of a handle that can be grasped. */
export const HANDLE = 8;

/** The scale of the strip. */
export function minimapScale(store: Store, width: number): Scale {
  return scaleOf(store.axis, store.axis.whole, 0, width);
}

/** Draws what does not depend on the window: it is kept and drawn again only when the file or the size changes. */
export function drawMinimapGround(
  context: CanvasRenderingContext2D,
  store: Store,
  palette: Palette,
  width: number,
  height: number,
): void {
  context.fillStyle = palette.lane;
  context.fillRect(0, 0, width, height);
  const scale = minimapScale(store, width);
  const counts: number[] = [];
  for (let x = 0; x < width; x += 2) {
    counts.push(scale.indexAtPixel(x + 2) - scale.indexAtPixel(x));
  }
  const most = Math.max(1, ...counts);
  context.fillStyle = palette.invalidation;
  context.globalAlpha = 0.55;
  for (const [at, count] of counts.entries()) {
    // By the root: a burst must not hide the rest.
    const size = Math.sqrt(count / most) * (height - 8);
    context.fillRect(at * 2, height - size, 2, size);
  }
  context.globalAlpha = 1;
  for (const { to, from } of store.loaded.recorded.gaps) {
    context.globalAlpha = 0.3;
    context.fillStyle = palette.unknown;
    context.fillRect(scale.x(from), 0, Math.max(scale.x(to) - scale.x(from), 2), height);
    context.globalAlpha = 1;
  }
  context.fillStyle = palette.stale;
  for (const index of store.violating) context.fillRect(scale.x(index) - 1, 0, 2, height);
}

/** Draws the window, the marks and the cursor over it. */
export function drawMinimapWindow(
  context: CanvasRenderingContext2D,
  store: Store,
  palette: Palette,
  width: number,
  height: number,
): void {
  const { window, cursor } = store.shown;
  const { whole } = store.axis;
  const x = (place: number): number => ((place - whole.from) / (whole.to - whole.from)) * width;
  const [left, right] = [x(window.from), x(window.to)];
  context.globalAlpha = 0.55;
  context.fillStyle = palette.ground;
  context.fillRect(0, 0, Math.max(left, 0), height);
  context.fillRect(right, 0, width, height);
  context.globalAlpha = 1;
  context.strokeStyle = palette.cursor;
  context.strokeRect(left, 0.5, Math.max(right - left, 2), height - 1);
  context.fillStyle = palette.cursor;
  context.fillRect(left - HANDLE / 2, height / 4, HANDLE / 2, height / 2);
  context.fillRect(right, height / 4, HANDLE / 2, height / 2);
  context.fillRect(x(store.axis.position(Math.max(cursor, 0))), 0, 1, height);
}
