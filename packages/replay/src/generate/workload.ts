/**
 * A workload: what the threads of one process do, drawn from a seed.
 *
 * Task 0 opens the driver: it inserts every notifier and runs alone. The workers fault pages in, take
 * them away again and now and then remove a notifier and insert it anew. The last task ends the
 * process when they are done. All steps of the protocol occur, races included.
 */
import { CORRECT_DRIVER, type DriverBug, type Operation, type Scenario } from "@mmreplay/core";
import {
  addressOfPage,
  type NotifierId,
  notifierId,
  type RegionId,
  regionId,
} from "@mmreplay/events";
import type { Choices } from "./choices.ts";

/** The size of a workload. */
export interface WorkloadSize {
  readonly workers: number;
  readonly notifiers: number;
  /** So many of them are over all pages, the others over up to 16. */
  readonly wide: number;
  readonly pages: number;
  /** An invalidation has at most 2^n - 1 pages; small ones are the most frequent. */
  readonly regionBits: number;
  /** Rounds of each worker: a fault, an invalidation, or a removal with its insertion. */
  readonly rounds: number;
}

/** Pages of a narrow notifier's interval, and of a fault, at most. */
const SPAN_PAGES_MAX = 16;

/** Draws a workload; the last task is the one that ends the process. */
export function workload(size: WorkloadSize, choices: Choices, bug: DriverBug): Scenario {
  const ids = Array.from({ length: size.notifiers }, (_, id) => notifierId(id));
  const open = ids.map((n) => insertion(n, size, choices));
  const workers = Array.from({ length: size.workers }, (_, worker) =>
    Array.from({ length: size.rounds }, () => round(regionId(worker), size, choices)).flat(),
  );
  const exit: Operation[] = [
    { op: "mm_exit" },
    ...ids.map((n): Operation => ({ op: "remove", n })),
  ];
  return {
    pages: size.pages,
    cpu: Array.from({ length: size.pages }, (_, page) => page + 1),
    notifiers: size.notifiers,
    plainNotifiers: 0,
    driver: { ...CORRECT_DRIVER, bug },
    programs: [open, ...workers, exit],
  };
}

function insertion(n: NotifierId, size: WorkloadSize, choices: Choices): Operation {
  const np = n < size.wide ? size.pages : 1 + choices(Math.min(SPAN_PAGES_MAX, size.pages));
  const page = choices(size.pages - np + 1);
  return { op: "insert", n, start: addressOfPage(page), length: addressOfPage(np) };
}

/** Shares of what a worker does, out of 64: faults, regions, populated pages; the rest is removal. */
const FAULTS = 33;
const REGIONS = 24;
const POPULATED = 3;

function round(sid: RegionId, size: WorkloadSize, choices: Choices): Operation[] {
  const n = notifierId(choices(size.notifiers));
  const np = 1 + choices(Math.min(SPAN_PAGES_MAX, size.pages));
  const kind = choices(FAULTS + REGIONS + POPULATED + 1);
  if (kind < FAULTS) return [{ op: "fault", n, pageOffset: choices(size.pages), np }];
  if (kind < FAULTS + REGIONS) return region(sid, size, choices);
  if (kind >= FAULTS + REGIONS + POPULATED)
    return [{ op: "remove", n }, insertion(n, size, choices)];
  return [{ op: "populate", page: choices(size.pages - np + 1), np }];
}

/** Small regions are the most frequent: the smallest of three drawn powers of two begins the size. */
function region(sid: RegionId, size: WorkloadSize, choices: Choices): Operation[] {
  const bits = Math.min(...[1, 2, 3].map(() => choices(size.regionBits)));
  const np = Math.min(2 ** bits + choices(2 ** bits), size.pages);
  const page = choices(size.pages - np + 1);
  const start: Operation = {
    op: "inv_start",
    sid,
    start: addressOfPage(page),
    end: addressOfPage(page + np),
    event: choices(16) === 0 ? "UNMAP" : "CLEAR",
    blockable: choices(64) !== 0,
  };
  return [start, { op: "cpu_change", sid }, { op: "inv_end", sid }];
}
