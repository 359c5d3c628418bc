/**
 * M-I4: references on frames are dropped once, and none is left over.
 *
 * A frame has one reference for each entry that names it, one of the page cache, and those of tasks in the
 * middle of something. Dropped once too often, it is free while somebody uses it; never dropped, it is lost.
 * The frames that an event drops a reference on are looked at at once, all of them where nobody is inside an
 * operation.
 */
import type { MmEvent } from "@mmreplay/events";
import { frameOfCpu } from "../memory/cpu-entry.ts";
import { type Frame, ZERO_PAGE } from "../memory/frame.ts";
import { someEntry } from "../state/page-table.ts";
import type { State } from "../state/state.ts";
import type { Report, Rule } from "./rule.ts";

/** M-I4. */
export const M_I4: Rule<{ held: readonly number[] }> = {
  id: "M-I4",
  kind: "transition",
  simulatedOnly: true,
  severity: "safety",
  statement:
    "No reference on a frame is dropped twice, and while no task is inside an operation a frame has the references of its entries and of the page cache, and no other.",
  source: "get_page, put_page",
  on: [
    "put_page",
    "migrate_vma_finalize_return",
    "mmap_unlock",
    "handle_mm_fault",
    "cpu_read",
    "cpu_write",
    "dmirror_fops_unlocked_ioctl_return",
    "mmu_notifier_invalidate_range_end_return",
    "filemap_invalidate_unlock",
    "task_skip",
    "exit_mmap_return",
  ],
  observes: [["alloc_page", "handle_mm_fault"]],
  start: () => ({ held: [] }),
  before(memory, { tasks }, event) {
    if (event.type !== "migrate_vma_finalize_return") return;
    memory.held = (tasks[event.task]?.held?.pages ?? []).flatMap(({ from, to }) => [from, to]);
  },
  after({ held }, state, event, report) {
    if (state.frames.length === 0) return;
    const isBelow = (number: number): boolean => (state.frames[number]?.pins ?? 0) < 0;
    const dropped = droppedBy(event, held).find(isBelow);
    if (dropped !== undefined) twice(dropped, report);
    else if (event.goto === "next") afterOperation(state, report);
  },
};

/** Asks the other tasks last: where the frames have no reference too many, it does not matter where they are. */
function afterOperation(state: State, report: Report): void {
  const below = state.frames.findIndex(({ pins }) => pins < 0);
  const left = below < 0 ? leftOver(state) : -1;
  if (below < 0 && left < 0) report.held();
  else if (!isQuiet(state)) return;
  else if (below >= 0) twice(below, report);
  else report.violated({ message: `Nobody will drop the last reference on frame ${left}.` });
}

function twice(frame: number, report: Report): void {
  report.violated({ message: `A reference on frame ${frame} is dropped that nobody holds.` });
}

/** Frames that an event drops a reference on; `held` are those of the migration that it ends. */
function droppedBy(event: MmEvent, held: readonly number[]): readonly number[] {
  switch (event.type) {
    case "put_page":
      return Array.from({ length: 2 ** (event.order ?? 0) }, (_, place) => event.frame + place);
    case "handle_mm_fault":
      return event.entries.map(([, entry]) => frameOfCpu(entry));
    case "migrate_vma_finalize_return":
      return held;
    default:
      return [];
  }
}

/** No task is inside an operation, or the last one has just ended. */
function isQuiet({ tasks }: State): boolean {
  return tasks.every(({ label }) => label === "start");
}

/** A frame with a reference that neither an entry nor the page cache has; -1: none. */
function leftOver(state: State): number {
  const cached = new Set(state.files.flatMap(({ cache }) => framesOf(cache)));
  return state.frames.findIndex((frame, number) => isLeftOver(frame, number, cached));
}

function isLeftOver({ pins }: Frame, number: number, cached: ReadonlySet<number>): boolean {
  if (number <= ZERO_PAGE) return false;
  return pins > (cached.has(number) ? 1 : 0);
}

function framesOf(table: Parameters<typeof someEntry>[0]): number[] {
  const frames: number[] = [];
  someEntry(table, 0, Number.MAX_SAFE_INTEGER, (_, entry) => {
    frames.push(frameOfCpu(entry));
    return false;
  });
  return frames;
}
