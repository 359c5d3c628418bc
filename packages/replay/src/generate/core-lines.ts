/**
 * What the probes of the notifier core and of HMM print around an event of the simulator.
 *
 * An entry probe prints what is so just before the step, a return probe what is so after it. In a real
 * recording both are sampled a little away from the step; here nothing lies in between.
 */
import type { EventOf, EventType, NotifierId } from "@mmreplay/events";
import { ADDRESS_MAX, lastOf } from "@mmreplay/events";
import {
  hmmRangeField,
  inHand,
  intervalFields,
  lengthFields,
  mmField,
  notifierIn,
  type Printed,
  rangeField,
  rangeFields,
  regionIn,
  rootField,
  type Scene,
  sequenceFields,
  subField,
  subSeqField,
  subsField,
  subsSeqField,
  taskIn,
  walkedFields,
} from "./scene.ts";
import { type ProbedCall, probedCall, probedEntry, type Site } from "./sites.ts";

/** The lines of an event. */
export type Lines<T extends EventType> = (scene: Scene, event: EventOf<T>) => readonly Printed[];

/** Lines by event type. */
export type LineTable = { readonly [T in EventType]?: Lines<T> };

/** One line. */
export const line = (site: Site, fields: string, kept?: string): Printed =>
  kept === undefined ? { site, fields } : { site, fields, kept };

const call = (probe: string, symbol: string, caller: string): ProbedCall =>
  probedCall("mn", probe, symbol, caller);
const READER = "dmirror_range_fault";
const ZAP = "zap_page_range_single";
const RANGE_END = "__mmu_notifier_invalidate_range_end";

const INSERT = call("insert", "mmu_interval_notifier_insert", "dmirror_fops_open");
const REMOVE = call("remove", "mmu_interval_notifier_remove", "dmirror_fops_release");
const RELEASE = call("release", "__mmu_notifier_release", "exit_mmap");
const INV_START = call("inv_start", "__mmu_notifier_invalidate_range_start", ZAP);
const INV_END = call("inv_end", RANGE_END, ZAP);
const ITREE_INV_END = call("itree_inv_end", "mn_itree_inv_end", RANGE_END);
const READ_BEGIN = call("read_begin", "mmu_interval_read_begin", READER);
const HMM_RANGE_FAULT = call("hmm_range_fault", "hmm_range_fault", READER);
const REGISTER = probedEntry("mn", "register", "__mmu_notifier_register");
const ITREE_INSERT = probedEntry("mn", "itree_insert", "interval_tree_insert");
const ITREE_REMOVE = probedEntry("mn", "itree_remove", "interval_tree_remove");
const ITREE_FIRST = probedEntry("mn", "itree_first", "interval_tree_iter_first");

const WALK_FLAGS = "default_flags=0x8000000000000000";

function tree(site: Site, scene: Scene, n: NotifierId): Printed {
  const { start, last } = notifierIn(scene, n);
  const fields = `${subField(scene, n)} ${rootField(scene)} ${intervalFields(start, last)}`;
  return line(site, `${fields} ${subSeqField(scene, n)} ${sequenceFields(scene)}`);
}

const readBegun = (scene: Scene, n: NotifierId, seq: number): Printed =>
  line(READ_BEGIN.left, `seq=${seq}`, subField(scene, n));

/** Lines that are printed before the step. */
export const CORE_BEFORE: LineTable = {
  mmu_interval_notifier_insert_begin: (scene, { notifier, task }) => {
    const operation = scene.scenario.programs[task]?.[taskIn(scene, task).pc];
    if (operation?.op !== "insert") return [];
    const range = lengthFields(operation.start, operation.length);
    const fields = `${subField(scene, notifier)} ${mmField(scene)} ${range}`;
    return [line(INSERT.entry, `${fields} ops=0xffffffffc0204470`)];
  },
  mmu_notifier_register: (scene) => [line(REGISTER, `subscription=0x0 ${mmField(scene)}`)],
  mmu_interval_notifier_remove: (scene, { notifier }) => {
    const { start, last } = notifierIn(scene, notifier);
    const fields = `${subField(scene, notifier)} ${mmField(scene)} ${intervalFields(start, last)}`;
    return [line(REMOVE.entry, `${fields} ${subSeqField(scene, notifier)}`)];
  },
  mmu_notifier_invalidate_range_start: (scene, event) =>
    event.event === "RELEASE"
      ? [line(RELEASE.entry, `${mmField(scene)} ${subsSeqField(scene)}`)]
      : [
          line(
            INV_START.entry,
            `${rangeFields(scene, event.task, event)} ${sequenceFields(scene)}`,
          ),
        ],
  mmu_notifier_invalidate_range_end: (scene, { task, region }) => {
    const open = regionIn(scene, region);
    if (open === undefined || open.event === "RELEASE") return [];
    return [line(INV_END.entry, `${rangeFields(scene, task, open)} ${sequenceFields(scene)}`)];
  },
  mmu_notifier_invalidate_range_end_return: (scene, { task, region }) =>
    regionIn(scene, region)?.event === "RELEASE"
      ? [line(RELEASE.left, "", mmField(scene))]
      : [line(INV_END.left, "", rangeField(scene, task))],
  mn_itree_inv_end: (scene) => [
    line(ITREE_INV_END.entry, `${subsField(scene)} ${sequenceFields(scene)}`),
  ],
  mmu_interval_read_begin: (scene, { notifier }) => {
    const fields = `${subField(scene, notifier)} ${mmField(scene)} ${subSeqField(scene, notifier)}`;
    return [line(READ_BEGIN.entry, `${fields} ${subsSeqField(scene)}`)];
  },
};

/** Lines that are printed after the step. */
export const CORE_AFTER: LineTable = {
  mmu_interval_notifier_insert: (scene, { notifier, rc }) => {
    const returns = line(INSERT.left, `ret=${rc}`, subField(scene, notifier));
    const linked = rc === 0 && notifierIn(scene, notifier).inTree;
    return linked ? [tree(ITREE_INSERT, scene, notifier), returns] : [returns];
  },
  mmu_interval_notifier_remove: (scene, { notifier }) =>
    notifierIn(scene, notifier).inTree ? [] : [tree(ITREE_REMOVE, scene, notifier)],
  mmu_interval_notifier_remove_return: (scene, { notifier }) => [
    line(REMOVE.left, "", subField(scene, notifier)),
  ],
  mmu_notifier_invalidate_range_start: (scene, { start, end, event }) => {
    if (event === "RELEASE") return [];
    const last = end < ADDRESS_MAX ? lastOf(end) : end;
    const fields = `${rootField(scene)} ${intervalFields(start, last)} ${sequenceFields(scene)}`;
    return [line(ITREE_FIRST, fields)];
  },
  mmu_notifier_invalidate_range_start_return: (scene, { task, rc }) => [
    line(INV_START.left, `ret=${rc}`, rangeField(scene, task)),
  ],
  mn_itree_inv_end: () => [line(ITREE_INV_END.left, "")],
  deferred_list_apply: (scene, { notifier }) => {
    const { inTree } = notifierIn(scene, notifier);
    return [tree(inTree ? ITREE_INSERT : ITREE_REMOVE, scene, notifier)];
  },
  mmu_interval_read_begin: (scene, { notifier, waits, seq }) =>
    waits ? [] : [readBegun(scene, notifier, seq)],
  read_begin_wake: (scene, { task, seq }) => [readBegun(scene, inHand(scene, task), seq)],
  hmm_vma_handle_pte: (scene, { notifier, task, entries }) => {
    const seq = taskIn(scene, task).section?.seq ?? 0;
    const present = entries.some(([, frame]) => frame !== 0);
    const range = hmmRangeField(scene, task);
    const fields = `${range} ${subField(scene, notifier)} seq=${seq} ${walkedFields(scene, task)}`;
    return [
      line(HMM_RANGE_FAULT.entry, `${fields} ${WALK_FLAGS} mask=0x0 owner=0xffffffffc02077a0`),
      line(HMM_RANGE_FAULT.left, `ret=${present ? 0 : -14}`, range),
    ];
  },
};
