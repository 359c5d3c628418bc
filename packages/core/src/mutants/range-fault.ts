/**
 * Mutants of hmm_range_fault and of how a driver uses what it reports.
 */
import type { Access, PageEntry } from "@mmreplay/events";
import { allows, cpuEntry, frameOfCpu, isProtnone } from "../memory/cpu-entry.ts";
import {
  type At,
  call,
  local,
  type MicroStep,
  type Move,
  mirrorOfNotifier,
  move,
} from "../tasks/machine.ts";
import { DMIRROR_LABELS } from "../tasks/memory/dmirror-program.ts";
import { isPmdNone } from "../tasks/memory/huge-pages.ts";
import { entryAt } from "../tasks/memory/page-fault.ts";
import { RANGE_FAULT_LABELS, rangeFault } from "../tasks/memory/range-fault.ts";
import type { ReadSection } from "../tasks/task.ts";
import type { Mutant } from "./mutant.ts";

const section = (at: At): ReadSection => at.me.section as ReadSection;
const step = (name: string): MicroStep => DMIRROR_LABELS[name] as MicroStep;

/** The mapping is not asked whether it may be written. */
function faultsAnyway(at: At): Move {
  const page = local(at, "last");
  const { notifier } = section(at);
  const faults = move(at, "mm_fault", { type: "hmm_vma_fault", notifier, page, write: true });
  return call({ ...faults, set: { page: page + 1, stop: page + 1 } }, "hmm_faulted", {
    page,
    write: 1,
  });
}

/** A page that is being moved is taken for one that is there. */
function takesMoving(at: At): Move {
  const [page, end] = [local(at, "last"), local(at, "end")];
  const entries: PageEntry[] = [[page, cpuEntry("writable", frameOfCpu(entryAt(at, page)))]];
  const { notifier } = section(at);
  const reads = move(at, "hmm_done", { type: "hmm_vma_handle_pte", notifier, entries });
  return { ...reads, set: { last: end } };
}

/** An entry with a NUMA hint is reported as one that may be read. */
function reportsHint(at: At): Move {
  const usual = (RANGE_FAULT_LABELS["hmm_walk"] as MicroStep).run(at, "default");
  if (usual.type !== "hmm_vma_handle_pte") return usual;
  const entries = usual.entries.map(([page, entry]): PageEntry => {
    const hint = isProtnone(entry);
    return [page, hint ? cpuEntry("read_only", frameOfCpu(entry)) : entry];
  });
  return { ...usual, entries };
}

/** Where nothing is there, all pages are faulted for reading, whatever is asked for one of them. */
function readsHoles(at: At): Move {
  const usual = (RANGE_FAULT_LABELS["hmm_fault"] as MicroStep).run(at, "default");
  if (usual.type !== "hmm_vma_fault" || !isPmdNone(at, usual.page)) return usual;
  const { call: faults } = usual;
  return {
    ...usual,
    write: false,
    set: { ...usual.set, need: 0 },
    ...(faults === undefined ? {} : { call: { ...faults, args: { ...faults.args, write: 0 } } }),
  };
}

/** The device uses the pages as soon as it knows them. */
function usesEarly(at: At): Move {
  const op = at.op as Extract<At["op"], { op: "dmirror" }>;
  const entries = section(at).entries.map(([page, entry]): Access => {
    const frame = frameOfCpu(entry);
    return [page, frame, at.state.frames[frame]?.content ?? 0];
  });
  const mirror = mirrorOfNotifier(at, op.n);
  return move(at, "dmirror_lock_to_store_late", { type: "dmirror_do_read", mirror, entries });
}

/** What the array held is a request in the next pass: the mask lets it through. */
const REMEMBERS: Mutant["labels"] = {
  dmirror_again: {
    run: (at) => {
      const asked = section(at).entries.some(([, entry]) => allows(entry, true));
      return { ...step("dmirror_again").run(at, "default"), set: { asked: Number(asked) } };
    },
  },
  dmirror_walk: {
    run: (at) => {
      const asked = at.me.calls.at(-1)?.args["asked"] === 1;
      if (!asked) return step("dmirror_walk").run(at, "default");
      const page = local(at, "from");
      const range = { page, end: page + 1, request: "write", owner: 0 } as const;
      return rangeFault(at, range, "dmirror_walked");
    },
  },
};

/** The device stores what the walk reported without asking the sequence. */
const STORES: MicroStep = {
  run: (at) => ({ ...step("dmirror_lock_to_store").run(at, "default"), goto: "dmirror_store" }),
};

/** The mutants of range faults. */
export const RANGE_FAULT_MUTANTS: readonly Mutant[] = [
  {
    id: "K-Z19",
    title: "A driver uses the pages that hmm_range_fault reports before it has asked read_retry.",
    source: "0a98219bcc96",
    scenario: "mm/device-read",
    rule: "M-I3",
    labels: {
      dmirror_lock_to_store: { run: usesEarly },
      dmirror_lock_to_store_late: step("dmirror_lock_to_store"),
    },
  },
  {
    id: "K-Z26",
    title: "The array's old results are requests after a collision: pfn_flags_mask is not 0.",
    source: "protocol.md 4.6; drm/xe/userptr: properly setup pfn_flags_mask (2025)",
    scenario: "hmm/in-place",
    rule: "outcome",
    labels: REMEMBERS,
  },
  {
    id: "hmm-store-unchecked",
    title: "The test driver stores what hmm_range_fault reported without asking read_retry.",
    source: "K-S1, dmirror_range_fault",
    scenario: "mm/madvise_dontneed",
    rule: "K-I14",
    labels: { dmirror_lock_to_store: STORES },
  },
  {
    id: "hmm-write-unasked",
    title: "A write fault is taken though the mapping may only be read.",
    source: "protocol.md 4.3, -EPERM",
    scenario: "hmm/none-read-only",
    rule: "outcome",
    labels: { hmm_failed: { run: faultsAnyway } },
  },
  {
    id: "hmm-migration-present",
    title: "hmm_range_fault takes a page that is being moved for one that is there.",
    source: "protocol.md 4.3, migration entry",
    scenario: "hmm/migration",
    rule: "K-I14",
    labels: { hmm_wait: { run: takesMoving } },
  },
  {
    id: "hmm-hint-valid",
    title: "hmm_range_fault reports a page with a NUMA hint as one that may be read.",
    source: "protocol.md 4.3, protnone",
    scenario: "hmm/protnone",
    rule: "outcome",
    labels: { hmm_walk: { run: reportsHint } },
  },
  {
    id: "hmm-hole-own-need",
    title: "Where nothing is there, hmm_range_fault forgets what is asked for the pages behind.",
    source: "protocol.md 4.4",
    scenario: "hmm/asks-hole",
    rule: "outcome",
    labels: { hmm_fault: { run: readsHoles } },
  },
];
