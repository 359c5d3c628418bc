/**
 * Page frames: what they hold, and how many CPU entries name them.
 *
 * Kernel counterpart: struct page with its _mapcount. Frame 1 is the zero page; it is never freed. Any
 * other frame is freed with its last entry, and a device entry that still names it is stale.
 */
import type { EventOf } from "@mmreplay/events";
import { legal } from "../state/legal.ts";
import type { State } from "../state/state.ts";
import { frameOfCpu } from "./cpu-entry.ts";

/** One page frame. */
export interface Frame {
  /** What was written last. */
  content: number;
  /** CPU entries that name it. */
  maps: number;
  /** Its last entry has gone. */
  freed: boolean;
}

/** The page that every read of untouched anonymous memory finds. */
export const ZERO_PAGE = 1;

/** `alloc_page`. */
export function allocPage(state: State, event: EventOf<"alloc_page">): void {
  legal(event.frame === Math.max(state.frames.length, 1), "a frame out of turn", "the next one");
  const from = event.copyOf === null ? undefined : state.frames[event.copyOf];
  legal(event.copyOf === null || from?.freed === false, "a copy of no frame", "a frame in use");
  if (state.frames.length === 0) state.frames.push({ content: 0, maps: 0, freed: true });
  state.frames.push({ content: from?.content ?? 0, maps: 0, freed: false });
}

/** An entry takes the place of another one: what they name is mapped once more, and once less. */
export function mapInstead(state: State, before: number, after: number): void {
  const [old, now] = [frameOfCpu(before), frameOfCpu(after)];
  if (old === now || state.frames.length === 0) return;
  const [from, to] = [state.frames[old], state.frames[now]];
  if (now !== 0) {
    legal(to !== undefined && !to.freed, `an entry for the frame ${now}`, "a frame in use");
    to.maps += 1;
  }
  if (old === 0 || from === undefined) return;
  from.maps -= 1;
  if (from.maps === 0 && old !== ZERO_PAGE) from.freed = true;
}
