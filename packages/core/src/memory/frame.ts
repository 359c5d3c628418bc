/**
 * Page frames: what they hold, where they are, and who refers to them.
 *
 * Kernel counterpart: struct page with its _refcount and _mapcount. A frame is free when no entry names
 * it and nobody else holds a reference; its number is never used again, so whoever still names it is
 * stale. Frame 1 is the zero page, which is never freed.
 */
import type { EventOf } from "@mmreplay/events";
import { legal } from "../state/legal.ts";
import type { State } from "../state/state.ts";
import { frameOfCpu } from "./cpu-entry.ts";

/** One page frame. */
export interface Frame {
  /** What was written last. */
  content: number;
  /** CPU entries that name it, swap and migration entries among them. */
  maps: number;
  /** References that no entry holds: the page cache's, an allocating or copying task's. */
  pins: number;
  /** Allocated and not mapped yet: the first entry takes over the allocating task's reference. */
  isNew: boolean;
  /** It is one of 2^order that were allocated together. */
  order: number;
  /** The device whose memory it is; null: system memory. */
  device: number | null;
  /** MADV_FREE, and not written to since: it may be dropped instead of written out. */
  lazyFree: boolean;
}

/** The page that every read of untouched anonymous memory finds. */
export const ZERO_PAGE = 1;

/** Whether nobody refers to a frame any more. */
export function isFreedFrame(number: number, { maps, pins }: Frame): boolean {
  return number !== ZERO_PAGE && maps <= 0 && pins <= 0;
}

/** The number of the frame that is allocated next. */
export function nextFrame({ frames }: Pick<State, "frames">): number {
  return Math.max(frames.length, ZERO_PAGE);
}

function frameAt({ frames }: State, number: number, what: string): Frame {
  const frame = frames[number];
  legal(frame !== undefined && !isFreedFrame(number, frame), what, "a frame in use");
  return frame;
}

/** `alloc_page`. */
export function allocPage(state: State, event: EventOf<"alloc_page">): void {
  const { copyOf, order = 0, device = null } = event;
  legal(event.frame === nextFrame(state), "a frame out of turn", "the next one");
  const content = copyOf === null ? 0 : frameAt(state, copyOf, "a copy of no frame").content;
  const frame = { content, maps: 0, pins: 1, isNew: true, order, device, lazyFree: false };
  // Number 0 is none.
  if (state.frames.length === 0) state.frames.push({ ...frame, pins: 0, isNew: false });
  for (let count = 2 ** order; count > 0; count -= 1) state.frames.push({ ...frame });
}

/** `folio_copy`. */
export function copyPages(state: State, event: EventOf<"folio_copy">): void {
  for (const [from, to] of event.entries) {
    const { content } = frameAt(state, from, `a copy of the frame ${from}`);
    frameAt(state, to, `a copy to the frame ${to}`).content = content;
  }
}

/** `get_page`. */
export function getPage(state: State, { frame }: EventOf<"get_page">): void {
  frameAt(state, frame, `a reference on the frame ${frame}`).pins += 1;
}

/** `put_page`: what is dropped once too often goes below zero, and M-I4 says so. */
export function putPage(state: State, { frame, order = 0 }: EventOf<"put_page">): void {
  for (let number = frame; number < frame + 2 ** order; number += 1) {
    const put = state.frames[number];
    legal(put !== undefined, `a dropped reference on the frame ${number}`, "a frame");
    put.pins -= 1;
    put.isNew = false;
  }
}

/** An entry takes the place of another one: what they name is mapped once more, and once less. */
export function mapInstead(state: State, before: number, after: number): void {
  const [old, now] = [frameOfCpu(before), frameOfCpu(after)];
  if (old === now || state.frames.length === 0) return;
  if (now !== 0) {
    const to = frameAt(state, now, `an entry for the frame ${now}`);
    to.maps += 1;
    if (to.isNew && now !== ZERO_PAGE) {
      to.isNew = false;
      to.pins -= 1;
    }
  }
  const from = state.frames[old];
  if (old !== 0 && from !== undefined) from.maps -= 1;
}
