/**
 * What the probes of the driver (lib/test_hmm.c, built to be recorded) print around an event.
 *
 * Each notifier belongs to an instance of its own, with a page table of its own, as each open file of
 * the driver does. The simulator has one lock and one table for all of them, which allows fewer
 * orders than the driver does and none that it does not.
 */
import { faultPages, placeOf } from "@mmreplay/core";
import type { EventOf, NotifierId } from "@mmreplay/events";
import { type LineTable, line } from "./core-lines.ts";
import {
  dmirrorField,
  hmmRangeField,
  inHand,
  notifierIn,
  type Printed,
  pagesFields,
  pfnField,
  ptField,
  rangeFields,
  regionIn,
  type Scene,
  subField,
  subSeqField,
  taskIn,
  walkedFields,
} from "./scene.ts";
import { type ProbedCall, probedCall, probedEntry, type Site } from "./sites.ts";

const call = (probe: string, caller: string): ProbedCall =>
  probedCall("dm", probe, `dmirror_${probe}`, caller);
const entry = (probe: string): Site => probedEntry("dm", probe, `dmirror_${probe}`);

const CALLBACK = "dmirror_interval_invalidate";
const INVALIDATE = probedCall("dm", "invalidate", CALLBACK, "mn_itree_invalidate");
const RANGE_FAULT = call("range_fault", "dmirror_fault");
const READ_RETRY = call("read_retry", "dmirror_range_fault");
const DO_FAULT = call("do_fault", "dmirror_range_fault");
const DO_UPDATE = call("do_update", CALLBACK);
const LOCKED = entry("locked");
const UNLOCKING = entry("unlocking");
const SET_SEQ = entry("set_seq");
const PTE_STORE = entry("pte_store");
const PTE_ERASE = entry("pte_erase");

const FLAGS = "default_flags=0x8000000000000000";
const EFAULT = -14;
const EBUSY = -16;

const RESULTS: Readonly<Record<EventOf<"device_fault_return">["result"], number | null>> = {
  stored: 0,
  // The next pass is inside the same call.
  retry: null,
  not_present: EFAULT,
  gave_up: EBUSY,
  failed: EFAULT,
};

function faultBegins(scene: Scene, event: EventOf<"mmu_interval_read_begin">): readonly Printed[] {
  const { task, notifier } = event;
  const at = placeOf(scene.state, scene.scenario, task);
  if (taskIn(scene, task).fault !== null || at?.op.op !== "fault") return [];
  const { page, np } = faultPages({ ...at, op: at.op });
  const fields = `${dmirrorField(scene, notifier)} ${hmmRangeField(scene, task)}`;
  return [line(RANGE_FAULT.entry, `${fields} ${pagesFields(page, page + np)} ${FLAGS}`)];
}

function tableOf(scene: Scene, notifier: NotifierId): Set<number> {
  const known = scene.stored.get(notifier);
  if (known !== undefined) return known;
  const table = new Set<number>();
  scene.stored.set(notifier, table);
  return table;
}

function store(scene: Scene, event: EventOf<"device_map">): readonly Printed[] {
  const { notifier, task, entries } = event;
  if (notifier === null) return [];
  const table = tableOf(scene, notifier);
  const instance = dmirrorField(scene, notifier);
  const section = `${subField(scene, notifier)} seq=${taskIn(scene, task).section?.seq ?? 0}`;
  const pages = `${subSeqField(scene, notifier)} ${walkedFields(scene, task)} ${FLAGS}`;
  return [
    line(DO_FAULT.entry, `${instance} ${hmmRangeField(scene, task)} ${section} ${pages}`),
    ...entries.map(([page, frame, writable]) => {
      table.add(page);
      const entry = (frame * 0x40 + (writable ? 3 : 1)).toString(16).padStart(8, "0");
      const fields = `${ptField(scene, notifier)} ${pfnField(page)} entry=0xffffea00${entry}`;
      return line(PTE_STORE, fields);
    }),
    line(DO_FAULT.left, "ret=0", instance),
  ];
}

function zap(scene: Scene, event: EventOf<"device_unmap">): readonly Printed[] {
  const { task, startPage, endPageExclusive } = event;
  const notifier = inHand(scene, task);
  const table = tableOf(scene, notifier);
  const instance = dmirrorField(scene, notifier);
  const erased: Printed[] = [];
  const end = Math.min(endPageExclusive, scene.scenario.pages);
  for (let page = startPage; page < end; page++) {
    if (!table.delete(page)) continue;
    erased.push(line(PTE_ERASE, `${ptField(scene, notifier)} ${pfnField(page)}`));
  }
  return [
    line(DO_UPDATE.entry, `${instance} ${pagesFields(startPage, endPageExclusive)}`),
    ...erased,
    line(DO_UPDATE.left, "", instance),
  ];
}

/** Lines that are printed before the step. */
export const DRIVER_BEFORE: LineTable = {
  mmu_interval_read_begin: faultBegins,
  invalidate: (scene, { task, region, notifier, seq }) => {
    const open = regionIn(scene, region);
    if (open === undefined) return [];
    const fields = `${subField(scene, notifier)} ${rangeFields(scene, task, open)}`;
    return [line(INVALIDATE.entry, `${fields} cur_seq=${seq} ${subSeqField(scene, notifier)}`)];
  },
  mmu_interval_set_seq: (scene, { notifier, seq }) => {
    const old = notifierIn(scene, notifier).seq ?? 0;
    return [line(SET_SEQ, `${subField(scene, notifier)} cur_seq=${seq} old_seq=${old}`)];
  },
  device_map: store,
  device_unmap: zap,
  driver_unlock: (scene, { task }) => [line(UNLOCKING, dmirrorField(scene, inHand(scene, task)))],
  invalidate_return: (scene, { notifier, result }) => [
    line(
      INVALIDATE.left,
      `ret=${result ? 1 : 0}`,
      `${subField(scene, notifier)} ${subSeqField(scene, notifier)}`,
    ),
  ],
  device_fault_return: (_, { result }) => {
    const rc = RESULTS[result];
    return rc === null ? [] : [line(RANGE_FAULT.left, `ret=${rc}`)];
  },
};

/** Lines that are printed after the step. */
export const DRIVER_AFTER: LineTable = {
  driver_lock: (scene, { task }) => [line(LOCKED, dmirrorField(scene, inHand(scene, task)))],
  mmu_interval_read_retry: (scene, { notifier, seq, result }) => {
    const sub = subField(scene, notifier);
    return [
      line(READ_RETRY.entry, `${sub} seq=${seq} ${subSeqField(scene, notifier)}`),
      line(READ_RETRY.left, `ret=${result ? 1 : 0}`, sub),
    ];
  },
};
