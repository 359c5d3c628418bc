/**
 * The pages that a task holds in the middle of something: locked, and referred to.
 *
 * A migration holds what it moves from migrate_vma_setup to migrate_vma_finalize (its arrays src and dst);
 * a grant of exclusive access holds what it grants. In between the entries of the pages may be zapped, so
 * the task keeps what it has collected. Kernel counterparts: struct migrate_vma (mm/migrate_device.c), the
 * array of make_device_exclusive_range (mm/rmap.c).
 */
import type { EventOf, MirrorId, MmId, TaskId } from "@mmreplay/events";
import { legal } from "../state/legal.ts";
import { someEntry } from "../state/page-table.ts";
import { type State, taskOf } from "../state/state.ts";
import { frameOfCpu, isMigrating } from "./cpu-entry.ts";

/** One page. */
export interface HeldPage {
  page: number;
  /** Its frame; 0: nothing was there. */
  from: number;
  /** The frame to which it moves; 0: none. */
  to: number;
  /** The driver has copied it: from now on the page is the one that it moves to. */
  copied: boolean;
  /** MIGRATE_PFN_WRITE. */
  write: boolean;
  /** By this task for what it holds the page for; a fault may have its page locked before. */
  locked: boolean;
  /** It stays where it is. */
  gaveUp: boolean;
}

/** What a task holds, and whose driver asked for it; null: the mm, for a long-term pin. */
export interface HeldPages {
  mm: MmId;
  mirror: MirrorId | null;
  pages: HeldPage[];
}

type Collect = EventOf<
  "migrate_vma_collect" | "migrate_device_range" | "migrate_device_coherent_page"
>;

/** `migrate_vma_collect`, `migrate_device_range`, `migrate_device_coherent_page`. */
export function collect(state: State, event: Collect): void {
  const { mm } = event;
  const mirror = "mirror" in event ? event.mirror : null;
  const fault = "fault" in event ? event.fault : undefined;
  const pages = event.pages.map(([page, from, write]) => {
    return { page, from, to: 0, copied: false, write, locked: from !== fault, gaveUp: false };
  });
  for (const { from, locked } of pages) {
    if (from === 0) continue;
    const frame = state.frames[from];
    legal(
      frame?.locked === !locked,
      `a migration of the frame ${from}`,
      locked ? "a frame that is not locked" : "a frame that its fault has locked",
    );
    frame.pins += 1;
    frame.locked = true;
  }
  taskOf(state, event.task).held = pages.length === 0 ? null : { mm, mirror, pages };
}

/** `migrate_vma_unmap`, `migrate_vma_insert_page`. */
export function giveUp(
  state: State,
  event: EventOf<"migrate_vma_unmap" | "migrate_vma_insert_page">,
): void {
  const { held } = taskOf(state, event.task);
  for (const place of event.gaveUp) {
    const page = held?.pages[place];
    if (page !== undefined) page.gaveUp = true;
  }
}

/** `get_user_pages`: one page more; its lock comes later. */
export function getUserPages(state: State, event: EventOf<"get_user_pages">): void {
  const { mm, mirror, page, frame } = event;
  const found = state.frames[frame];
  legal(found !== undefined, `a reference on the frame ${frame}`, "a frame");
  found.pins += 1;
  const task = taskOf(state, event.task);
  task.granted ??= { mm, mirror, pages: [] };
  const usual = { to: 0, copied: false, write: true, locked: false, gaveUp: false };
  task.granted.pages.push({ page, from: frame, ...usual });
}

/** A reference on a frame is dropped by a task that holds it: it is unlocked, and forgotten. */
export function letGo(state: State, id: TaskId, frame: number): void {
  const task = taskOf(state, id);
  const locked = without(task.held, frame) ?? without(task.granted, frame);
  const released = state.frames[frame];
  if (locked === true && released !== undefined) released.locked = false;
  if (task.held?.pages.length === 0) task.held = null;
  if (task.granted?.pages.length === 0) task.granted = null;
}

/** Forgets a page; whether it was locked. */
function without(held: HeldPages | null, frame: number): boolean | undefined {
  const place = held?.pages.findIndex(({ from }) => from === frame) ?? -1;
  if (held === null || place < 0) return undefined;
  const [page] = held.pages.splice(place, 1);
  return page?.locked;
}

/** `migrate_vma_finalize_return`: both frames of each page are unlocked and put. */
export function finalizeReturn(state: State, event: EventOf<"migrate_vma_finalize_return">): void {
  const task = taskOf(state, event.task);
  for (const { from, to, locked } of task.held?.pages ?? []) {
    const [source, destination] = [state.frames[from], state.frames[to]];
    if (from !== 0 && source !== undefined) {
      if (locked) source.locked = false;
      source.pins -= 1;
    }
    if (to === 0 || destination === undefined) continue;
    destination.locked = false;
    destination.pins -= 1;
  }
  task.held = null;
}

/** One entry that names a frame. */
export interface Naming {
  readonly mm: MmId;
  readonly page: number;
  readonly entry: number;
}

/** All entries that name a frame (rmap_walk). */
export function namingsOf({ mms }: Pick<State, "mms">, frame: number): Naming[] {
  const found: Naming[] = [];
  for (const [mm, { cpu }] of mms.entries()) {
    someEntry(cpu, 0, Number.MAX_SAFE_INTEGER, (page, entry) => {
      if (frameOfCpu(entry) === frame) found.push({ mm: mm as MmId, page, entry });
      return false;
    });
  }
  return found;
}

/** Whether a page is in the middle of a migration that moves it between these two frames. */
function moves({ from, to, gaveUp }: HeldPage, cpu: number, frame: number): boolean {
  const waits = isMigrating(cpu) && frameOfCpu(cpu) === from;
  return waits && (frame === from || (frame === to && !gaveUp));
}

/** The frame that holds what a page contains: after the driver's copy not the one that the entry names. */
export function holderOf({ tasks }: Pick<State, "tasks">, frame: number): number {
  for (const { held } of tasks) {
    const moved = held?.pages.find(({ from, copied, gaveUp }) => {
      return from === frame && copied && !gaveUp;
    });
    if (moved !== undefined) return moved.to;
  }
  return frame;
}

/**
 * Whether a driver instance may map a frame because it is itself moving the page: the frame that the page
 * leaves, or the one that it gets. It mends its own table before the migration ends (protocol.md 5.1).
 */
export function isMovedBy(
  { tasks }: Pick<State, "tasks">,
  mirror: number,
  page: number,
  cpu: number,
  frame: number,
): boolean {
  return tasks.some(({ held }) => {
    if (held?.mirror !== mirror) return false;
    return held.pages.some((one) => one.page === page && moves(one, cpu, frame));
  });
}
