/**
 * A canvas that is drawn once for each frame in which something has changed, as sharp as the screen is.
 */
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { type Palette, Palettes } from "../draw/palette.ts";
import { useStore } from "./use-shown.ts";

type Draw = (
  context: CanvasRenderingContext2D,
  palette: Palette,
  width: number,
  height: number,
) => void;

/** The canvas, and how large it is in CSS pixels. */
export interface CanvasHandle {
  readonly ref: RefObject<HTMLCanvasElement>;
  size(): { readonly width: number; readonly height: number };
}

/** Draws on a canvas when the store, the canvas's size or the system's colours change. */
export function useCanvas(draw: Draw): CanvasHandle {
  const store = useStore();
  const ref = useRef<HTMLCanvasElement>(null);
  const size = useRef({ width: 1, height: 1 });
  useEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext("2d", { alpha: false });
    if (canvas === null || context == null) return;
    const palettes = new Palettes();
    let asked = 0;
    const frame = (): void => {
      asked = 0;
      const ratio = devicePixelRatio;
      const { clientWidth: width, clientHeight: height } = canvas;
      size.current = { width, height };
      const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
      if (canvas.width !== wide) canvas.width = wide;
      if (canvas.height !== high) canvas.height = high;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      draw(context, palettes.now, width, height);
    };
    const ask = (): void => {
      if (asked === 0) asked = requestAnimationFrame(frame);
    };
    const observer = new ResizeObserver(ask);
    observer.observe(canvas);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", ask);
    const stop = store.onChange(ask);
    ask();
    return () => {
      stop();
      observer.disconnect();
      dark.removeEventListener("change", ask);
      cancelAnimationFrame(asked);
    };
  }, [store]);
  return { ref, size: () => size.current };
}
