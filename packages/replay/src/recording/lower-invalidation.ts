/**
 * Lowering of invalidations: range_start, range_end, release.
 *
 * Each is one step under the lock between two lines. The step is placed by the first line that
 * shows it to have happened, at the latest by the return.
 */
import { openRegion, peekMm, seqDistance } from "@mmreplay/core";
import {
  ADDRESS_MAX,
  ADDRESS_ZERO,
  type Address,
  type EventBody,
  INVALIDATION_EVENTS,
  type InvalidationEvent,
  type MmId,
  type RegionId,
  SimError,
} from "@mmreplay/events";
import { freeRegion } from "./free-region.ts";
import { rebornIfBehind } from "./lives.ts";
import { pinSeq, placeStep, tryPinSeq } from "./lock-points.ts";
import { addStep, emitCall } from "./locked-call.ts";
import { ensureInterval } from "./lower-membership.ts";
import type {
  Call,
  CoreMemory,
  Fields,
  LockedStep,
  LoweringContext,
  Moment,
} from "./lowering-context.ts";
import { comparePrinted } from "./printed-active.ts";
import { codeField, numberField, seqField } from "./recorded-fields.ts";

const rangeKey = (moment: Moment, fields: Fields): string =>
  `${moment.task} ${fields["range"] ?? ""}`;

/**
 * A sequence sampled beside a line, without the lock.
 *
 * It may have been read a little before or after the line's time stamp was taken, so it only helps:
 * if it is ahead of the state, unplaced steps that lead to it are placed.
 */
export function sample(context: LoweringContext, mm: MmId, fields: Fields, moment: Moment): void {
  const seq = seqField(fields, "subs_seq");
  if (seq === null) return;
  rebornIfBehind(context, mm, seq, moment);
  const { subs } = peekMm(context.state, mm);
  if (subs === null) {
    pinSeq(context, mm, seq, moment);
    return;
  }
  const ahead = seqDistance(subs.seq, seq, context.state.seqModulus);
  if (ahead > 0) tryPinSeq(context, mm, seq, moment);
}

/** `inv_start` is entered. */
export function startEntered(
  context: LoweringContext,
  memory: CoreMemory,
  call: Call,
  moment: Moment,
): void {
  const { fields } = call;
  const mm = context.pointers.mm(fields["mm"] ?? "");
  refuseEmpty(context, fields);
  sample(context, mm, fields, moment);
  comparePrinted(context, memory.born, mm, fields);
  beginRegion(context, call, moment, mm, {
    start: context.pointers.address(fields["start"] ?? "0x0"),
    end: context.pointers.address(fields["end"] ?? "0x0"),
    event: eventName(fields),
    blockable: isBlockable(numberField(fields, "flags")),
    owner: context.pointers.owner(fields["owner"] ?? "0x0"),
  });
}

/** The kernel never starts an empty range: the line's values are no values, and it is unread. */
function refuseEmpty(context: LoweringContext, fields: Fields): void {
  const start = context.pointers.address(fields["start"] ?? "0x0");
  const end = context.pointers.address(fields["end"] ?? "0x0");
  if (start < end) return;
  throw new SimError({
    code: "E_RANGE_EMPTY",
    found: `start=${start} end=${end}`,
    expected: "a half-open range that is not empty",
    action: "Are these fields what the profile says?",
  });
}

/** The event's name; a kernel that numbers more of them is unknown. */
function eventName(fields: Fields): InvalidationEvent {
  const number = numberField(fields, "event") ?? 0;
  const name = INVALIDATION_EVENTS[number];
  if (name !== undefined) return name;
  throw new SimError({
    code: "E_NUMBER",
    found: `event=${number}`,
    expected: `a number from 0 to ${INVALIDATION_EVENTS.length - 1}`,
    action: "Is this field what the profile says?",
  });
}

/** MMU_NOTIFIER_RANGE_BLOCKABLE; null: the flags are not printed. */
function isBlockable(flags: number | null): boolean | null {
  return flags === null ? null : (flags & 1) === 1;
}

type RegionFields = Pick<
  EventBody<"mmu_notifier_invalidate_range_start">,
  "start" | "end" | "event" | "blockable" | "owner"
>;

function beginRegion(
  context: LoweringContext,
  call: Call,
  moment: Moment,
  mm: MmId,
  region: RegionFields,
): void {
  call.mm = mm;
  addStep(context, call, moment, "start", (within, line, order) => {
    ensureInterval(within, mm, { ...moment, line });
    call.region = freeRegion(within.state, mm);
    emitCall(
      within,
      call,
      { ...moment, line },
      {
        type: "mmu_notifier_invalidate_range_start",
        task: moment.task,
        mm,
        region: call.region,
        ...region,
      },
      order,
    );
  });
}

/** `release` is entered: a region over everything. */
export function releaseEntered(context: LoweringContext, call: Call, moment: Moment): void {
  const mm = context.pointers.mm(call.fields["mm"] ?? "");
  sample(context, mm, call.fields, moment);
  context.emit({ type: "mmu_notifier_release", task: moment.task, mm }, moment, "exact");
  beginRegion(context, call, moment, mm, {
    start: ADDRESS_ZERO,
    end: ADDRESS_MAX as Address,
    event: "RELEASE",
    blockable: true,
    owner: null,
  });
}

/** `release` returns: the region has been counted and uncounted. */
export function releaseReturned(context: LoweringContext, call: Call, moment: Moment): void {
  placeStep(context, call.step, moment.line, "interval");
  const { mm, region } = call;
  if (mm === undefined || region === undefined) return;
  const body = { task: moment.task, mm, region };
  emitCall(context, call, moment, { type: "mmu_notifier_invalidate_range_end", ...body });
  emitEnd(context, call, mm, region, moment, "interval");
  emitCall(context, call, moment, { type: "mmu_notifier_invalidate_range_end_return", ...body });
}

/** `inv_start` returns: the region is open, or refused and gone. */
export function startReturned(
  context: LoweringContext,
  memory: CoreMemory,
  call: Call,
  fields: Fields,
  moment: Moment,
): void {
  const rc = codeField(fields);
  placeStep(context, call.step, moment.line, "interval");
  const { mm, region } = call;
  if (mm === undefined || region === undefined) return;
  const key = rangeKey(moment, call.fields);
  if (rc === 0) {
    memory.regions.set(key, { mm, region });
    memory.refused.delete(key);
  } else {
    placeStep(context, call.abort, moment.line, "interval");
    memory.refused.set(key, true);
  }
  emitCall(context, call, moment, {
    type: "mmu_notifier_invalidate_range_start_return",
    task: moment.task,
    mm,
    region,
    rc,
  });
}

/** A callback has refused a non-blockable start: the core undoes its count before it returns. */
export function startRefused(context: LoweringContext, call: Call, moment: Moment): void {
  const { mm, region } = call;
  if (mm === undefined || region === undefined || call.abort !== undefined) return;
  const emit: LockedStep["emit"] = (within, line, order) =>
    emitEnd(within, call, mm, region, { ...moment, line }, order);
  call.abort = { kind: "end", mm, task: moment.task, call, at: moment.at, done: false, emit };
  context.unplaced(mm).push(call.abort);
}

/** `inv_end` is entered: the caller is done; the step under the lock follows. */
export function endEntered(
  context: LoweringContext,
  memory: CoreMemory,
  call: Call,
  moment: Moment,
): void {
  const { fields } = call;
  const mm = context.pointers.mm(fields["mm"] ?? "");
  refuseEmpty(context, fields);
  sample(context, mm, fields, moment);
  comparePrinted(context, memory.born, mm, fields);
  const key = rangeKey(moment, fields);
  returnUnseen(context, memory, moment, key);
  const open = memory.regions.get(key);
  if (open === undefined || open.mm !== mm) {
    unpaired(context, memory, mm, key, fields, moment);
    return;
  }
  memory.regions.delete(key);
  call.mm = mm;
  call.region = open.region;
  context.emit(
    { type: "mmu_notifier_invalidate_range_end", task: moment.task, mm, region: open.region },
    moment,
    "exact",
  );
  addStep(context, call, moment, "end", (within, line, order) => {
    emitEnd(within, call, mm, open.region, { ...moment, line }, order);
  });
}

/** The start of a range that is now ended had returned, though no probe showed it. */
function returnUnseen(
  context: LoweringContext,
  memory: CoreMemory,
  moment: Moment,
  key: string,
): void {
  const calls = context.calls(moment.task);
  const at = calls.findLastIndex(
    ({ role, fields }) => role === "inv_start" && rangeKey(moment, fields) === key,
  );
  const [start] = at < 0 ? [] : calls.splice(at, 1);
  if (start !== undefined) startReturned(context, memory, start, { ret: "0" }, moment);
}

/** A range_end without its start: a violation only where its start would have been seen. */
function unpaired(
  context: LoweringContext,
  memory: CoreMemory,
  mm: MmId,
  key: string,
  fields: Fields,
  moment: Moment,
): void {
  const refused = memory.refused.get(key) === true;
  if (!context.fires("inv_start") || (!refused && !memory.born.has(mm))) return;
  context.emit(
    {
      type: "unpaired_range_end",
      task: moment.task,
      mm,
      start: context.pointers.address(fields["start"] ?? "0x0"),
      end: context.pointers.address(fields["end"] ?? "0x0"),
      refused,
    },
    moment,
    "exact",
  );
}

/** END with all that belongs to its critical section. */
function emitEnd(
  context: LoweringContext,
  call: Call,
  mm: MmId,
  region: RegionId,
  moment: Moment,
  order: "exact" | "interval",
): void {
  const { state } = context;
  const { task } = moment;
  const before = peekMm(state, mm).subs?.seq;
  if (openRegion(peekMm(state, mm), region)?.counted !== true) return;
  emitCall(context, call, moment, { type: "mn_itree_inv_end", task, mm, region }, order);
  const subs = peekMm(state, mm).subs;
  if (subs === null || subs.seq === before) return;
  while (subs.deferred[0] !== undefined) {
    emitCall(context, call, moment, {
      type: "deferred_list_apply",
      task,
      mm,
      notifier: subs.deferred[0],
    });
  }
  emitCall(context, call, moment, { type: "wake_up_all", task, mm });
}

/** `inv_end` returns. */
export function endReturned(context: LoweringContext, call: Call, moment: Moment): void {
  placeStep(context, call.step, moment.line, "interval");
  if (call.mm === undefined || call.region === undefined) return;
  emitCall(context, call, moment, {
    type: "mmu_notifier_invalidate_range_end_return",
    task: moment.task,
    mm: call.mm,
    region: call.region,
  });
}
