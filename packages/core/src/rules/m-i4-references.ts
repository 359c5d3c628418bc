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
    const isAtRest = isQuiet(state, event);
    const isBelow = (number: number): boolean => (state.frames[number]?.pins ?? 0) < 0;
    const frame = isAtRest
      ? state.frames.findIndex(({ pins }) => pins < 0)
      : (droppedBy(event, held).find(isBelow) ?? -1);
    if (frame >= 0) {
      report.violated({ message: `A reference on frame ${frame} is dropped that nobody holds.` });
    } else if (isAtRest) leftOver(state, report);
  },
};

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

/** No task is inside an operation, apart from the one whose last step this may be. */
function isQuiet({ tasks }: State, event: MmEvent): boolean {
  return event.goto === "next" && tasks.every(({ label }) => label === "start");
}

function leftOver(state: State, report: Report): void {
  const cached = new Set(state.files.flatMap(({ cache }) => framesOf(cache)));
  const wrong = state.frames.findIndex((frame, number) => isLeftOver(frame, number, cached));
  if (wrong < 0) report.held();
  else report.violated({ message: `Nobody will drop the last reference on frame ${wrong}.` });
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
