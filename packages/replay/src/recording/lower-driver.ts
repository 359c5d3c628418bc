/**
 * Lowering of a driver's own probes: callbacks, lock, acknowledgement, stores and clears.
 *
 * These are printed while the driver's lock is held (or by the callback's own task), so their lines
 * are in the order of the steps.
 */
import { openRegion, peekMm, peekNotifier, seqDistance } from "@mmreplay/core";
import {
  ADDRESS_MAX,
  type EventBody,
  endPageExclusive,
  type MirrorId,
  type MmId,
  type NotifierId,
  pageOf,
  type Seq,
  SimError,
} from "@mmreplay/events";
import { pinSeq, pinStart } from "./lock-points.ts";
import { startRefused } from "./lower-invalidation.ts";
import { ensureNotifier, placeInsertion } from "./lower-membership.ts";
import {
  type Call,
  type Fields,
  type Line,
  type LoweringContext,
  type Moment,
  openCall,
} from "./lowering-context.ts";
import { mirrorOfFields } from "./mirrors.ts";
import { codeField, numberField, seqField } from "./recorded-fields.ts";

function emitLine(context: LoweringContext, moment: Moment, body: EventBody): void {
  context.emit(body, moment, "exact");
}

/** `invalidate` is entered inside a start or a release: the region's sequence is known. */
export function callbackEntered(context: LoweringContext, call: Call, moment: Moment): void {
  const { fields } = call;
  const seq = seqField(fields, "cur_seq");
  const start = openCall(context, moment.task, "inv_start", "release");
  if (seq === null || start?.mm === undefined) {
    const begun = context.entered(moment.task);
    if (begun.has("inv_start") || begun.has("release")) context.torn();
    else context.unjudged();
    return;
  }
  const { mm } = start;
  const notifier = context.pointers.notifier(fields["sub"] ?? "");
  ensureNotifier(context, mm, notifier, fields, moment);
  if (start.step !== undefined && !start.step.done) pinStart(context, start.step, seq, moment);
  else pinSeq(context, mm, seq, moment);
  if (start.region === undefined) {
    context.unjudged();
    return;
  }
  call.mm = mm;
  call.notifier = notifier;
  call.region = start.region;
  const { region } = start;
  emitLine(context, moment, { type: "invalidate", task: moment.task, mm, region, notifier, seq });
}

/** `invalidate` returns. */
export function callbackReturned(
  context: LoweringContext,
  call: Call,
  fields: Fields,
  moment: Moment,
): void {
  settleUpdates(context, call, moment);
  const { mm, notifier, region } = call;
  if (mm === undefined || notifier === undefined || region === undefined) return;
  const result = numberField(fields, "ret") !== 0;
  context.emit(
    { type: "invalidate_return", task: moment.task, mm, region, notifier, result },
    moment,
    "interval",
    call.line,
  );
  const start = openCall(context, moment.task, "inv_start");
  if (result || start === undefined) return;
  const open = openRegion(peekMm(context.state, mm), region);
  if (open !== undefined && open.blockable !== true) startRefused(context, start, moment);
}

/** `locked`, `unlocking`. */
export function lockChanged(
  context: LoweringContext,
  type: "driver_lock" | "driver_unlock",
  fields: Fields,
  moment: Moment,
): void {
  const mirror = mirrorOfFields(context, fields);
  if (mirror === undefined) return;
  if (isUnpaired(context, type, mirror, moment)) context.torn();
  if (type === "driver_unlock") {
    settleUpdates(context, openCall(context, moment.task, "invalidate"), moment);
  }
  emitLine(context, moment, { type, task: moment.task, mirror });
}

/** The lock is taken from its holder, or released by a task that has taken locks but not this one. */
function isUnpaired(
  context: LoweringContext,
  type: "driver_lock" | "driver_unlock",
  mirror: MirrorId,
  { task }: Moment,
): boolean {
  const holder = context.state.mirrors[mirror]?.lock ?? null;
  if (type === "driver_lock") {
    context.entered(task).add("locked");
    return holder !== null && context.fires("unlocking");
  }
  return holder !== task && context.entered(task).has("locked");
}

/** `set_seq`. */
export function acknowledged(context: LoweringContext, fields: Fields, moment: Moment): void {
  const seq = seqField(fields, "cur_seq");
  if (seq === null) return;
  const notifier = context.pointers.notifier(fields["sub"] ?? "");
  placeInsertion(context, notifier, moment);
  const { mm } = peekNotifier(context.state, notifier);
  const behind = mm === null ? undefined : peekMm(context.state, mm).subs?.seq;
  if (mm !== null && behind !== undefined) {
    if (seqDistance(behind, seq, context.state.seqModulus) > 0) pinSeq(context, mm, seq, moment);
  }
  emitLine(context, moment, { type: "mmu_interval_set_seq", task: moment.task, notifier, seq });
}

/** `read_retry` returns, or (without a return probe) the values at its entry decide. */
export function retryChecked(
  context: LoweringContext,
  call: Call,
  result: boolean,
  moment: Moment,
): void {
  const seq = seqField(call.fields, "seq");
  if (seq === null) return;
  context.emit(
    {
      type: "mmu_interval_read_retry",
      task: moment.task,
      notifier: context.pointers.notifier(call.fields["sub"] ?? ""),
      seq,
      result,
    },
    moment,
    "exact",
    call.line,
  );
}

/**
 * `do_fault` is entered: entries will be stored. What its line does not print is not judged; the
 * entries still show whether the lock is held.
 */
export function storeEntered(context: LoweringContext, call: Call, moment: Moment): void {
  const { fields } = call;
  const seq = seqField(fields, "seq");
  const mirror = mirrorOfFields(context, fields);
  if (SECTION_FIELDS.some((name) => fields[name] === undefined)) context.unjudged();
  if (fields["sub"] === undefined) return;
  const notifier = context.pointers.notifier(fields["sub"]);
  call.notifier = notifier;
  if (seq === null || mirror === undefined) return;
  const recordedSeq = seqField(fields, "sub_seq");
  emitLine(context, moment, {
    type: "device_map_begin",
    task: moment.task,
    mirror,
    notifier,
    seq,
    start: context.pointers.address(fields["start"] ?? "0x0"),
    end: context.pointers.address(fields["end"] ?? "0x0"),
    ...(recordedSeq === null ? {} : { recordedSeq }),
  });
}

/** Without these a store cannot be held against its read section and its range. */
const SECTION_FIELDS = ["sub", "seq", "start", "end"];

/** Low bits of a stored entry that say "writable" (lib/test_hmm.c). */
const ENTRY_TAG = 3;
const ENTRY_WRITE = 3;
/** A frame is named by the low 47 bits of its struct page's address. */
const FRAME_MODULUS = 2 ** 47;
/** The last hex digits of an entry: 52 bits, which a number holds exactly. */
const ENTRY_DIGITS = 13;

/** The last page that an address can name. */
const PAGE_MAX = pageOf(ADDRESS_MAX);

function readEntry(text: string): { frame: number; writable: boolean } {
  const valid = /^0x[0-9a-f]{1,16}$/.test(text);
  const low = valid ? Number.parseInt(text.slice(2).slice(-ENTRY_DIGITS), 16) : ENTRY_TAG + 1;
  const frame = Math.floor((low % FRAME_MODULUS) / (ENTRY_TAG + 1));
  return { frame: Math.max(frame, 1), writable: (low & ENTRY_TAG) === ENTRY_WRITE };
}

/** The page of a line; null where it names none. */
function pageField(fields: Fields): number | null {
  const page = numberField(fields, "pfn");
  if (page === null || (page >= 0 && page <= PAGE_MAX)) return page;
  throw new SimError({
    code: "E_NUMBER",
    found: `pfn=${page}`,
    expected: "the number of a page of 64-bit addresses",
    action: "Is this field what the profile says?",
  });
}

/** `pte_store`: one entry, inside a fault or outside any. */
export function entryStored(context: LoweringContext, fields: Fields, moment: Moment): void {
  const mirror = mirrorOfFields(context, fields);
  const page = pageField(fields);
  if (mirror === undefined || page === null) return;
  const { frame, writable } = readEntry(fields["entry"] ?? "");
  const fault = openCall(context, moment.task, "do_fault");
  emitLine(context, moment, {
    type: "device_map",
    task: moment.task,
    mirror,
    notifier: fault?.notifier ?? null,
    entries: [[page, frame, writable]],
  });
}

/** `pte_erase`: one entry is cleared. A line that does not say which, as others do, is damaged. */
export function entryCleared(context: LoweringContext, fields: Fields, moment: Moment): void {
  const mirror = mirrorOfFields(context, fields);
  const page = pageField(fields);
  if (mirror === undefined || page === null) {
    if (context.clears.single) context.torn();
    return;
  }
  context.clears.single = true;
  cleared(context, mirror, [page, page + 1], moment.line, moment);
}

/**
 * `do_update`: a range is cleared. Where the clearing of single entries is probed, it is their lines
 * that count; whether it is, only the lines inside this call can say, so its callback's unlock or
 * return settles it.
 */
export function rangeCleared(context: LoweringContext, fields: Fields, moment: Moment): void {
  const mirror = mirrorOfFields(context, fields);
  const pages = updatedPages(context, fields);
  if (mirror === undefined || pages === undefined || context.clears.single) return;
  const callback = openCall(context, moment.task, "invalidate");
  if (callback === undefined) cleared(context, mirror, pages, moment.line, moment);
  else callback.updates = [...(callback.updates ?? []), { mirror, pages, line: moment.line }];
}

function settleUpdates(context: LoweringContext, callback: Call | undefined, moment: Moment): void {
  if (callback?.updates === undefined) return;
  if (!context.clears.single) {
    for (const { mirror, pages, line } of callback.updates) {
      cleared(context, mirror, pages, line, moment);
    }
  }
  callback.updates = [];
}

function cleared(
  context: LoweringContext,
  mirror: MirrorId,
  [startPage, endPageExclusive]: readonly [number, number],
  line: Line,
  { at, task }: Moment,
): void {
  const body: EventBody = { type: "device_unmap", task, mirror, startPage, endPageExclusive };
  context.emit(body, { line, at }, "exact");
}

function updatedPages(
  context: LoweringContext,
  fields: Fields,
): readonly [number, number] | undefined {
  const { start, end } = fields as Record<"start" | "end", string | undefined>;
  if (start === undefined || end === undefined) return undefined;
  const last = context.pointers.address(end);
  const after = context.layout.updateEndInclusive ? pageOf(last) + 1 : endPageExclusive(last);
  return [pageOf(context.pointers.address(start)), after];
}

/**
 * A number that is ahead of what the state has for the notifier was acknowledged unseen, or given
 * at an insertion that was placed too early. One that is behind may have been read before a set_seq.
 */
function learnOlder(
  context: LoweringContext,
  mm: MmId,
  notifier: NotifierId,
  seq: Seq,
  moment: Moment,
): void {
  const known = peekNotifier(context.state, notifier);
  const { seqModulus } = context.state;
  if (known.seq !== null && seqDistance(known.seq, seq, seqModulus) <= 0) return;
  if (known.mirror === null) return;
  const { mirror, start, last } = known;
  emitLine(context, moment, {
    type: "learn_notifier",
    task: moment.task,
    mm,
    notifier,
    mirror,
    start,
    last,
    seq,
  });
}

/** `read_begin` returns: the section's number is known. */
export function readBegun(
  context: LoweringContext,
  call: Call,
  fields: Fields,
  moment: Moment,
): void {
  const seq = seqField(fields, "seq");
  const { mm, notifier } = call;
  if (seq === null || mm === undefined || notifier === undefined) return;
  ensureNotifier(context, mm, notifier, call.fields, moment);
  learnOlder(context, mm, notifier, seq, moment);
  context.emit(
    { type: "mmu_interval_read_begin", task: moment.task, mm, notifier, seq, waits: null },
    moment,
    "interval",
    call.line,
  );
}

/** `hmm_range_fault` is entered. */
export function walkEntered(context: LoweringContext, call: Call, moment: Moment): void {
  const { fields } = call;
  const seq = seqField(fields, "seq");
  if (seq === null) return;
  const notifier = context.pointers.notifier(fields["sub"] ?? "");
  call.notifier = notifier;
  emitLine(context, moment, {
    type: "hmm_range_fault",
    task: moment.task,
    notifier,
    seq,
    start: context.pointers.address(fields["start"] ?? "0x0"),
    end: context.pointers.address(fields["end"] ?? "0x0"),
    owner: context.pointers.owner(fields["owner"] ?? "0x0"),
  });
}

/** `hmm_range_fault` returns. */
export function walkReturned(
  context: LoweringContext,
  call: Call,
  fields: Fields,
  moment: Moment,
): void {
  if (call.notifier === undefined) return;
  context.emit(
    {
      type: "hmm_range_fault_return",
      task: moment.task,
      notifier: call.notifier,
      rc: codeField(fields),
    },
    moment,
    "interval",
    call.line,
  );
}
