/**
 * What is written through a page table, the CPU's or a device's: it reaches the frame.
 *
 * Kernel counterparts: a store of the CPU; dmirror_do_write (lib/test_hmm.c). Whoever writes marks the page
 * dirty, so a page that MADV_FREE has given away is kept.
 */
import type { EventOf } from "@mmreplay/events";
import { legal } from "../state/legal.ts";
import type { State } from "../state/state.ts";
import { mmOfAccess, remember } from "./last-write.ts";

/** `cpu_write`, `dmirror_do_write`. */
export function write(state: State, event: EventOf<"cpu_write" | "dmirror_do_write">): void {
  const mm = mmOfAccess(state, event);
  for (const [page, number, value] of event.entries) {
    const frame = state.frames[number];
    legal(frame !== undefined, `a write of page ${page} to no frame`, "a frame");
    frame.content = value;
    frame.lazyFree = false;
    remember(state, mm, page, value);
  }
}
