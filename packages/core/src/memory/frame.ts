/**
 * Page frames: what they hold, where they are, and who refers to them.
 *
 * Kernel counterpart: struct page with its _refcount and _mapcount. A frame is free when no entry names
 * it and nobody else holds a reference; its number is not used again, or only when nobody names it, so whoever
 * still names it is stale. Frame 1 is the zero page, which is never freed.
 */
import type { EventOf, MirrorId } from "@mmreplay/events";
import { legal } from "../state/legal.ts";
import { type State, taskOf } from "../state/state.ts";
import { frameOfCpu } from "./cpu-entry.ts";
import { isNamed } from "./frame-names.ts";
import { letGo } from "./held-pages.ts";

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
  /** The driver instance that has moved a page there (zone_device_data). */
  mirror: MirrorId | null;
  /** Somebody holds its lock. */
  locked: boolean;
  /** MADV_FREE, and not written to since: it may be dropped instead of written out. */
  lazyFree: boolean;
}

/** Devices whose memory is coherent, as the test driver has them (protocol.md 6.1); that of others is private. */
const COHERENT_DEVICES: readonly number[] = [2, 3];

/** Whether a frame is a device's and the CPU may use it like any other (MEMORY_DEVICE_COHERENT). */
export function isCoherent(frame: Pick<Frame, "device"> | undefined): boolean {
  const device = frame?.device ?? null;
  return device !== null && COHERENT_DEVICES.includes(device);
}

/** Whether a frame is a device's and the CPU cannot use it (MEMORY_DEVICE_PRIVATE). */
export function isPrivate(frame: Pick<Frame, "device"> | undefined): boolean {
  return (frame?.device ?? null) !== null && !isCoherent(frame);
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

function isReusable(state: State, number: number): boolean {
  const frame = state.frames[number];
  const isFree = frame !== undefined && number > ZERO_PAGE && isFreedFrame(number, frame);
  return isFree && !isNamed(state, number);
}

/**
 * The lowest frame that is free and named by nobody, or else a new one. A program that moves a page for ever comes
 * back to where it was only with such frames (`Scenario.reusesFrames`).
 */
export function reusableFrame(state: State): number {
  const found = state.frames.findIndex((_, number) => isReusable(state, number));
  return found < 0 ? nextFrame(state) : found;
}

function frameAt({ frames }: State, number: number, what: string): Frame {
  const frame = frames[number];
  legal(frame !== undefined && !isFreedFrame(number, frame), what, "a frame in use");
  return frame;
}

/** `alloc_page`. */
export function allocPage(state: State, event: EventOf<"alloc_page">): void {
  const { copyOf, order = 0, device = null, usedBy: mirror = null, held } = event;
  const isNext = event.frame === nextFrame(state);
  const isAgain = !isNext && event.held !== undefined && isReusable(state, event.frame);
  legal(isNext || isAgain, "a frame out of turn", "the next one");
  const content = copyOf === null ? 0 : frameAt(state, copyOf, "a copy of no frame").content;
  // The destination of a migration stays locked, and the migration's, until that is over.
  const locked = held !== undefined;
  const usual = { maps: 0, pins: 1, isNew: !locked, locked, lazyFree: false };
  const frame = { content, ...usual, order, device, mirror };
  // Number 0 is none.
  if (state.frames.length === 0) state.frames.push({ ...frame, pins: 0, isNew: false });
  if (isAgain) state.frames[event.frame] = frame;
  else for (let count = 2 ** order; count > 0; count -= 1) state.frames.push({ ...frame });
  const moves = held === undefined ? undefined : taskOf(state, event.task).held?.pages[held];
  if (moves !== undefined) moves.to = event.frame;
}

/** `folio_copy`. */
export function copyPages(state: State, event: EventOf<"folio_copy">): void {
  for (const [from, to] of event.entries) {
    const { content } = frameAt(state, from, `a copy of the frame ${from}`);
    frameAt(state, to, `a copy to the frame ${to}`).content = content;
  }
}

/** `migrate_copy`: a recording does not tell the frames. */
export function migrateCopy(state: State, event: EventOf<"migrate_copy">): void {
  const pages = taskOf(state, event.task).held?.pages ?? [];
  for (const page of pages) page.copied ||= page.to !== 0;
  for (const [from, to] of event.frames ?? []) {
    if (from === 0) continue;
    const { content } = frameAt(state, from, `a copy of the frame ${from}`);
    frameAt(state, to, `a copy to the frame ${to}`).content = content;
  }
}

/** `get_page`. */
export function getPage(state: State, { frame }: EventOf<"get_page">): void {
  frameAt(state, frame, `a reference on the frame ${frame}`).pins += 1;
}

/** `lockless_pages_from_mm`. */
export function getFast(state: State, { frame }: EventOf<"lockless_pages_from_mm">): void {
  if (frame !== 0) frameAt(state, frame, `a reference on the frame ${frame}`).pins += 1;
}

/** `lock_page`: M-I7 says when it is nobody's any more. */
export function lockPage(state: State, { task, frame }: EventOf<"lock_page">): void {
  const locks = state.frames[frame];
  legal(locks?.locked === false, `a second lock on the frame ${frame}`, "a free lock");
  locks.locked = true;
  const held = taskOf(state, task).granted?.pages.find(({ from }) => from === frame);
  if (held !== undefined) held.locked = true;
}

/** `unlock_page`. */
export function unlockPage({ frames }: State, { frame }: EventOf<"unlock_page">): void {
  const unlocks = frames[frame];
  if (unlocks !== undefined) unlocks.locked = false;
}

/**
 * `put_page`: what is dropped once too often goes below zero, and M-I4 says so. A page that the task has
 * locked for a migration or a grant is unlocked first.
 */
export function putPage(state: State, event: EventOf<"put_page">): void {
  const { frame, order = 0 } = event;
  letGo(state, event.task, frame);
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
