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
import { ZERO_PAGE } from "../memory/frame.ts";
import { entryOf, someEntry } from "../state/page-table.ts";
import type { State } from "../state/state.ts";
import type { Report, Rule } from "./rule.ts";

/** M-I4. */
export const M_I4: Rule<{ dropped: readonly number[] }> = {
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
    "filemap_remove_folio",
    "filemap_invalidate_unlock",
    "task_skip",
    "exit_mmap_return",
  ],
  observes: [["alloc_page", "handle_mm_fault"]],
  start: () => ({ dropped: [] }),
  before(watched, state, event) {
    watched.dropped = droppedBy(state, event);
  },
  after(watched, state, event, report) {
    if (state.frames.length === 0) return;
    const isBelow = (frame: number): boolean => (state.frames[frame]?.pins ?? 0) < 0;
    const dropped = watched.dropped.find(isBelow);
    if (dropped !== undefined) twice(dropped, report);
    else if (event.goto === "next") afterOperation(state, report);
  },
};

/** Asks the other tasks last: where no frame has a reference too many, it does not matter where they are. */
function afterOperation(state: State, report: Report): void {
  const wrong = firstWrong(state);
  if (wrong < 0) report.held();
  else if (!isQuiet(state)) return;
  else if ((state.frames[wrong]?.pins ?? 0) < 0) twice(wrong, report);
  else report.violated({ message: `Nobody will drop the last reference on frame ${wrong}.` });
}

function twice(frame: number, report: Report): void {
  report.violated({ message: `A reference on frame ${frame} is dropped that nobody holds.` });
}

/** Frames that an event will drop a reference on. */
function droppedBy({ files, tasks }: State, event: MmEvent): readonly number[] {
  switch (event.type) {
    case "put_page":
      return Array.from({ length: 2 ** (event.order ?? 0) }, (_, place) => event.frame + place);
    case "handle_mm_fault":
      return event.entries.map(([, entry]) => frameOfCpu(entry));
    case "filemap_remove_folio": {
      const file = files[event.file];
      return file === undefined ? [] : [entryOf(file.cache, event.filePage)];
    }
    case "migrate_vma_finalize_return":
      return (tasks[event.task]?.held?.pages ?? []).flatMap(({ from, to }) => [from, to]);
    default:
      return [];
  }
}

/** No task is inside an operation, or the last one has just ended. */
function isQuiet({ tasks }: State): boolean {
  return tasks.every(({ label }) => label === "start");
}

/** The first frame with a reference too few, or one that neither an entry nor the page cache has; -1: none. */
function firstWrong({ frames, files }: State): number {
  const pinsOf = (frame: number): number => frames[frame]?.pins ?? 0;
  const held: number[] = [];
  // There are thousands in a selftest, and hardly any is held.
  for (let frame = 0; frame < frames.length; frame++) if (pinsOf(frame) !== 0) held.push(frame);
  const below = held.find((frame) => pinsOf(frame) < 0);
  if (below !== undefined || held.length === 0) return below ?? -1;
  const cached = new Set(files.flatMap(({ cache }) => framesOf(cache)));
  const left = held.find((frame) => frame > ZERO_PAGE && pinsOf(frame) > Number(cached.has(frame)));
  return left ?? -1;
}

function framesOf(table: Parameters<typeof someEntry>[0]): number[] {
  const frames: number[] = [];
  someEntry(table, 0, Number.MAX_SAFE_INTEGER, (_, entry) => {
    frames.push(frameOfCpu(entry));
    return false;
  });
  return frames;
}
