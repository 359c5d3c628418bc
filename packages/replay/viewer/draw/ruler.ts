/**
 * Numbers along the axis at round places.
 */
import type { AxisKind } from "../model/axis.ts";

const STEPS = [1, 2, 5, 10] as const;

/** The distance of numbers that leaves each about so many units of room. */
export function roundStep(room: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(room, 1e-9)));
  const step = STEPS.find((each) => each * power >= room) ?? 10;
  return step * power;
}

/** A place on the axis in words: an event by its number, a time since the base. */
export function axisText(kind: AxisKind, unit: "ns" | "clock", place: number): string {
  if (kind === "event") return `#${Math.round(place)}`;
  return durationText(unit, place);
}

/** A duration in the largest unit that suits it. */
export function durationText(unit: "ns" | "clock", value: number): string {
  if (unit === "clock") return `${Math.round(value)} ticks`;
  const size = Math.abs(value);
  if (size >= 1e9) return `${trimmed(value / 1e9, 6)} s`;
  if (size >= 1e6) return `${trimmed(value / 1e6, 3)} ms`;
  return `${trimmed(value / 1e3, 3)} µs`;
}

/** A time as the list prints it: all in one unit, so that rows compare. */
export function timeText(unit: "ns" | "clock", value: number): string {
  return unit === "clock" ? String(value) : `${(value / 1e6).toFixed(3)} ms`;
}

function trimmed(value: number, digits: number): string {
  return value.toFixed(digits).replace(/\.?0+$/, "") || "0";
}
