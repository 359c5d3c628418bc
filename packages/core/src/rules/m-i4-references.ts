/**
 * M-I4: references on frames are dropped once, and none is left over.
 *
 * A frame has one reference for each entry that names it, one of the page cache, and those of tasks in the
 * middle of something. Dropped once too often, it is free while somebody uses it; never dropped, it is lost.
 * The frames that an event drops a reference on are looked at at once, all of them where nobody is inside an
 * operation.
 */
import type { EventType, MmEvent } from "@mmreplay/events";
import { frameOfCpu } from "../memory/cpu-entry.ts";
import { ZERO_PAGE } from "../memory/frame.ts";
import { entryOf, someEntry } from "../state/page-table.ts";
import type { State } from "../state/state.ts";
import type { Report, Rule } from "./rule.ts";

/** What is remembered of a run. A search remembers nothing, and looks at all frames each time. */
interface Watched {
  dropped: readonly number[];
  /** Every frame that has references is among these; undefined: not known yet. */
  held?: Set<number>;
}

/** Events that may end an operation. */
const ENDING: readonly EventType[] = [
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
];

/** Events that take a reference; those that drop one without ending anything are not asked. */
const TAKING: readonly EventType[] = [
  "alloc_page",
  "get_page",
  "lockless_pages_from_mm",
  "filemap_add_folio",
  "migrate_vma_collect",
  "migrate_device_range",
  "migrate_device_coherent_page",
  "get_user_pages",
];

/** M-I4. */
export const M_I4: Rule<Watched> = {
  id: "M-I4",
  kind: "transition",
  simulatedOnly: true,
  severity: "safety",
  statement:
    "No reference on a frame is dropped twice, and while no task is inside an operation a frame has the references of its entries and of the page cache, and no other.",
  source: "get_page, put_page",
  on: [...ENDING, ...TAKING],
  observes: [["alloc_page", "handle_mm_fault"]],
  start: () => ({ dropped: [] }),
  before(watched, state, event) {
    watched.dropped = droppedBy(state, event);
  },
  after(watched, state, event, report) {
    const { dropped, held } = watched;
    if (held !== undefined) for (const frame of takenBy(event)) held.add(frame);
    if (TAKING.includes(event.type) || state.frames.length === 0) return;
    const twice = dropped.find((frame) => pinsOf(state, frame) < 0);
    if (twice !== undefined) droppedTwice(twice, report);
    else if (event.goto === "next") {
      watched.held = new Set(held === undefined ? heldOfAll(state) : heldOf(state, held));
      afterOperation(state, watched.held, report);
    }
  },
};

/** Asks the other tasks last: where no frame has a reference too many, it does not matter where they are. */
function afterOperation(state: State, held: ReadonlySet<number>, report: Report): void {
  const wrong = firstWrong(state, held);
  if (wrong < 0) report.held();
  else if (!isQuiet(state)) return;
  else if (pinsOf(state, wrong) < 0) droppedTwice(wrong, report);
  else report.violated({ message: `Nobody will drop the last reference on frame ${wrong}.` });
}

function droppedTwice(frame: number, report: Report): void {
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

function pinsOf({ frames }: State, frame: number): number {
  return frames[frame]?.pins ?? 0;
}

/** Frames that an event has taken a reference on. */
function takenBy(event: MmEvent): readonly number[] {
  switch (event.type) {
    case "alloc_page":
      return Array.from({ length: 2 ** (event.order ?? 0) }, (_, place) => event.frame + place);
    case "get_page":
    case "lockless_pages_from_mm":
    case "filemap_add_folio":
    case "get_user_pages":
      return [event.frame];
    case "migrate_vma_collect":
    case "migrate_device_range":
    case "migrate_device_coherent_page":
      return event.pages.map(([, frame]) => frame);
    default:
      return [];
  }
}

/** All frames with references: there are thousands in a selftest, and hardly any is held. */
function heldOfAll(state: State): number[] {
  const held: number[] = [];
  for (let frame = 0; frame < state.frames.length; frame++) {
    if (pinsOf(state, frame) !== 0) held.push(frame);
  }
  return held;
}

function heldOf(state: State, known: ReadonlySet<number>): number[] {
  return [...known].filter((frame) => pinsOf(state, frame) !== 0).sort((a, b) => a - b);
}

/** The first frame with a reference too few, or one that neither an entry nor the page cache has; -1: none. */
function firstWrong(state: State, held: ReadonlySet<number>): number {
  if (held.size === 0) return -1;
  const frames = [...held];
  const below = frames.find((frame) => pinsOf(state, frame) < 0);
  if (below !== undefined) return below;
  const cached = new Set(state.files.flatMap(({ cache }) => framesOf(cache)));
  const isLeft = (frame: number): boolean =>
    frame > ZERO_PAGE && pinsOf(state, frame) > Number(cached.has(frame));
  return frames.find(isLeft) ?? -1;
}

function framesOf(table: Parameters<typeof someEntry>[0]): number[] {
  const frames: number[] = [];
  someEntry(table, 0, Number.MAX_SAFE_INTEGER, (_, entry) => {
    frames.push(frameOfCpu(entry));
    return false;
  });
  return frames;
}
