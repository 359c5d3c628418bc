/**
 * The kernel functions that the bpftrace recorder probes, and where each value comes from.
 *
 * `$name` in an expression is the parameter of that name; members are named and resolved by BTF, so
 * there is no offset here. Which values a record has, and in which order, is not said here but in
 * the table that the importer reads by (RECORDS).
 */

/** A parameter, by its name in the kernel and its type in C; without a type it is a number. */
export interface Parameter {
  readonly name: string;
  readonly type?: string;
}

/** A function with its records. */
export interface TracedFunction {
  /** Name of the record at its entry; that at its return has `_ret` after it. */
  readonly record: string;
  readonly symbol: string;
  readonly parameters: readonly Parameter[];
  /** Fields of the record at the entry: name to expression. */
  readonly entry: Readonly<Record<string, string>>;
  /** Fields of the record at the return; absent: the return is not probed. */
  readonly result?: Readonly<Record<string, string>>;
  /** The parameter that the return needs. */
  readonly kept?: string;
  /** Recorded only where a notifier of this mm is known: the function is hot on the whole machine. */
  readonly onlyMm?: string;
  /** The mm is remembered, or forgotten, at the entry. */
  readonly addMm?: string;
  readonly dropMm?: string;
}

const NOTIFIER: Parameter = { name: "interval_sub", type: "struct mmu_interval_notifier *" };
const RANGE: Parameter = { name: "range", type: "struct mmu_notifier_range *" };
const HMM_RANGE: Parameter = { name: "range", type: "struct hmm_range *" };
const MM: Parameter = { name: "mm" };

const RESULT = "(int32)retval";
const ANSWER = "(uint8)retval";
const SUB = "(uint64)$interval_sub";
const RANGE_FIELDS = {
  range: "(uint64)$range",
  mm: "(uint64)$range->mm",
  start: "$range->start",
  end: "$range->end",
  flags: "(uint64)$range->flags",
  event: "(uint64)$range->event",
  owner: "(uint64)$range->owner",
};
const MM_STATE = {
  subs_seq: "$range->mm->notifier_subscriptions->invalidate_seq",
  active: "$range->mm->notifier_subscriptions->active_invalidate_ranges",
};

function insertion(record: string, symbol: string): TracedFunction {
  return {
    record,
    symbol,
    parameters: [NOTIFIER, MM, { name: "start" }, { name: "length" }],
    addMm: "$mm",
    entry: { sub: SUB, mm: "(uint64)$mm", start: "$start", length: "$length" },
    kept: "interval_sub",
    result: { sub: SUB, ret: RESULT },
  };
}

/** The notifier core and HMM. */
export const CORE_FUNCTIONS: readonly TracedFunction[] = [
  insertion("insert", "mmu_interval_notifier_insert"),
  insertion("insert_locked", "mmu_interval_notifier_insert_locked"),
  {
    record: "remove",
    symbol: "mmu_interval_notifier_remove",
    parameters: [NOTIFIER],
    entry: {
      sub: SUB,
      mm: "(uint64)$interval_sub->mm",
      sub_seq: "$interval_sub->invalidate_seq",
    },
    kept: "interval_sub",
    result: { sub: SUB },
  },
  {
    record: "read_begin",
    symbol: "mmu_interval_read_begin",
    parameters: [NOTIFIER],
    addMm: "$interval_sub->mm",
    entry: {
      sub: SUB,
      mm: "(uint64)$interval_sub->mm",
      sub_seq: "$interval_sub->invalidate_seq",
      subs_seq: "$interval_sub->mm->notifier_subscriptions->invalidate_seq",
    },
    kept: "interval_sub",
    result: { sub: SUB, seq: "(uint64)retval" },
  },
  {
    record: "inv_start",
    symbol: "__mmu_notifier_invalidate_range_start",
    parameters: [RANGE],
    onlyMm: "$range->mm",
    entry: { ...RANGE_FIELDS, ...MM_STATE },
    kept: "range",
    result: { range: "(uint64)$range", ret: RESULT },
  },
  {
    record: "inv_end",
    symbol: "__mmu_notifier_invalidate_range_end",
    parameters: [RANGE],
    onlyMm: "$range->mm",
    entry: { ...RANGE_FIELDS, ...MM_STATE },
    kept: "range",
    result: { range: "(uint64)$range" },
  },
  {
    record: "release",
    symbol: "__mmu_notifier_release",
    parameters: [MM],
    entry: { mm: "(uint64)$mm" },
    kept: "mm",
    result: { mm: "(uint64)$mm" },
  },
  {
    record: "subs_destroy",
    symbol: "__mmu_notifier_subscriptions_destroy",
    parameters: [MM],
    dropMm: "$mm",
    entry: { mm: "(uint64)$mm" },
  },
  {
    record: "register",
    symbol: "__mmu_notifier_register",
    parameters: [{ name: "subscription" }, MM],
    entry: { subscription: "(uint64)$subscription", mm: "(uint64)$mm" },
  },
  {
    record: "hmm_range_fault",
    symbol: "hmm_range_fault",
    parameters: [HMM_RANGE],
    entry: {
      range: "(uint64)$range",
      sub: "(uint64)$range->notifier",
      seq: "$range->notifier_seq",
      start: "$range->start",
      end: "$range->end",
      default_flags: "$range->default_flags",
      owner: "(uint64)$range->dev_private_owner",
    },
    kept: "range",
    result: { range: "(uint64)$range", ret: RESULT },
  },
];

const CUR_SEQ: Parameter = { name: "cur_seq" };
const DMIRROR: Parameter = { name: "dmirror" };
const PT: Parameter = { name: "pt" };
const PFN: Parameter = { name: "pfn" };
const SUB_SEQ = "$interval_sub->invalidate_seq";

function callback(record: string, symbol: string): TracedFunction {
  return {
    record,
    symbol,
    parameters: [NOTIFIER, RANGE, CUR_SEQ],
    entry: { sub: SUB, ...RANGE_FIELDS, cur_seq: "$cur_seq", sub_seq: SUB_SEQ },
    kept: "interval_sub",
    result: { sub: SUB, ret: ANSWER, sub_seq: SUB_SEQ },
  };
}

function marker(record: string): TracedFunction {
  const entry = { dmirror: "$dmirror" };
  return { record, symbol: `dmirror_${record}`, parameters: [DMIRROR], entry };
}

/** lib/test_hmm.c; most of these are inlined unless the driver was built to be recorded. */
export const TEST_HMM_FUNCTIONS: readonly TracedFunction[] = [
  callback("invalidate", "dmirror_interval_invalidate"),
  callback("snap_invalidate", "dmirror_snapshot_invalidate"),
  marker("locked"),
  marker("unlocking"),
  {
    record: "set_seq",
    symbol: "dmirror_set_seq",
    parameters: [NOTIFIER, CUR_SEQ],
    entry: { sub: SUB, cur_seq: "$cur_seq", old_seq: SUB_SEQ },
  },
  {
    record: "read_retry",
    symbol: "dmirror_read_retry",
    parameters: [NOTIFIER, { name: "seq" }],
    entry: { sub: SUB, seq: "$seq", sub_seq: SUB_SEQ },
    kept: "interval_sub",
    result: { sub: SUB, ret: ANSWER },
  },
  {
    record: "do_fault",
    symbol: "dmirror_do_fault",
    parameters: [DMIRROR, HMM_RANGE],
    entry: {
      dmirror: "$dmirror",
      range: "(uint64)$range",
      sub: "(uint64)$range->notifier",
      seq: "$range->notifier_seq",
      sub_seq: "$range->notifier->invalidate_seq",
      start: "$range->start",
      end: "$range->end",
      default_flags: "$range->default_flags",
    },
    kept: "dmirror",
    result: { dmirror: "(uint64)$dmirror", ret: RESULT },
  },
  {
    record: "do_update",
    symbol: "dmirror_do_update",
    parameters: [DMIRROR, { name: "start" }, { name: "end" }],
    entry: { dmirror: "$dmirror", start: "$start", end: "$end" },
    kept: "dmirror",
    result: { dmirror: "(uint64)$dmirror" },
  },
  {
    record: "pte_store",
    symbol: "dmirror_pte_store",
    parameters: [PT, PFN, { name: "entry" }],
    entry: { pt: "$pt", pfn: "$pfn", entry: "$entry" },
  },
  {
    record: "pte_erase",
    symbol: "dmirror_pte_erase",
    parameters: [PT, PFN],
    entry: { pt: "$pt", pfn: "$pfn" },
  },
];
