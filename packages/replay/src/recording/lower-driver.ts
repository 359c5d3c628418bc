/**
 * Lowering of a driver's own probes: callbacks, lock, acknowledgement, stores and clears.
 *
 * These are printed while the driver's lock is held (or by the callback's own task), so their lines
 * are in the order of the steps.
 */
import { openRegion, peekMm, peekNotifier, seqDistance } from "@mmreplay/core";
import {
  ADDRESS_MAX,
  address,
  type EventBody,
  endPageExclusive,
  type MmId,
  type NotifierId,
  type PageEntry,
  pageOf,
  type Seq,
  SimError,
} from "@mmreplay/events";
import { pinSeq, pinStart } from "./lock-points.ts";
import { spread } from "./locked-call.ts";
import { startRefused } from "./lower-invalidation.ts";
import { ensureNotifier, placeInsertion } from "./lower-membership.ts";
import {
  type Call,
  type Fields,
  type LoweringContext,
  type Moment,
  openCall,
} from "./lowering-context.ts";
import { mirrorOfFields } from "./mirrors.ts";
import { codeField, numberField, seqField } from "./recorded-fields.ts";

function emitLine(context: LoweringContext, moment: Moment, body: EventBody): void {
  context.emit(body, moment.at, [moment.line], "exact");
}

/** `invalidate` is entered inside a start or a release: the region's sequence is known. */
export function callbackEntered(context: LoweringContext, call: Call, moment: Moment): void {
  const { fields } = call;
  const seq = seqField(fields, "cur_seq");
  const start = openCall(context, moment.task, "inv_start", "release");
  if (seq === null || start?.mm === undefined) return;
  const { mm } = start;
  const notifier = context.pointers.notifier(fields["sub"] ?? "");
  ensureNotifier(context, mm, notifier, fields, moment);
  if (start.step !== undefined && !start.step.done) pinStart(context, start.step, seq, moment);
  else pinSeq(context, mm, seq, moment);
  if (start.region === undefined) return;
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
  const { mm, notifier, region } = call;
  if (mm === undefined || notifier === undefined || region === undefined) return;
  const result = numberField(fields, "ret") !== 0;
  context.emit(
    { type: "invalidate_return", task: moment.task, mm, region, notifier, result },
    moment.at,
    spread(call.line, moment.line),
    "interval",
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
  if (mirror !== undefined) emitLine(context, moment, { type, task: moment.task, mirror });
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
    moment.at,
    spread(call.line, moment.line),
    "exact",
  );
}

/** `do_fault` is entered: entries will be stored. */
export function storeEntered(context: LoweringContext, call: Call, moment: Moment): void {
  const { fields } = call;
  const seq = seqField(fields, "seq");
  const mirror = mirrorOfFields(context, fields);
  if (seq === null || mirror === undefined) return;
  const notifier = context.pointers.notifier(fields["sub"] ?? "");
  call.notifier = notifier;
  const recordedSeq = seqField(fields, "sub_seq");
  emitLine(context, moment, {
    type: "device_map_begin",
    task: moment.task,
    mirror,
    notifier,
    seq,
    start: address(fields["start"] ?? "0x0"),
    end: address(fields["end"] ?? "0x0"),
    ...(recordedSeq === null ? {} : { recordedSeq }),
  });
}

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

/** `pte_erase`, `do_update`: entries are cleared. */
export function entriesCleared(context: LoweringContext, fields: Fields, moment: Moment): void {
  const mirror = mirrorOfFields(context, fields);
  if (mirror === undefined) return;
  const page = pageField(fields);
  const range = page === null ? updatedPages(context, fields) : [page, page + 1];
  if (range === undefined) return;
  const [startPage, endPageExclusive] = range as PageEntry;
  emitLine(context, moment, {
    type: "device_unmap",
    task: moment.task,
    mirror,
    startPage,
    endPageExclusive,
  });
}

function updatedPages(context: LoweringContext, fields: Fields): PageEntry | undefined {
  const { start, end } = fields as Record<"start" | "end", string | undefined>;
  if (start === undefined || end === undefined) return undefined;
  const last = address(end);
  const after = context.layout.updateEndInclusive ? pageOf(last) + 1 : endPageExclusive(last);
  return [pageOf(address(start)), after];
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
    moment.at,
    spread(call.line, moment.line),
    "interval",
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
    start: address(fields["start"] ?? "0x0"),
    end: address(fields["end"] ?? "0x0"),
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
    moment.at,
    spread(call.line, moment.line),
    "interval",
  );
}
