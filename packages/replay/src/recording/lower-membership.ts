/**
 * Lowering of a notifier's membership: registration, insert, remove, and what shows itself without
 * either.
 */
import { isOdd, peekMm, peekNotifier, seqAfter } from "@mmreplay/core";
import {
  ADDRESS_MAX,
  ADDRESS_ZERO,
  type EventBody,
  type MmId,
  mmId,
  type NotifierId,
  type Seq,
} from "@mmreplay/events";
import { destroyed, gone, noteNewLife } from "./lives.ts";
import { placeStep, tryPinSeq } from "./lock-points.ts";
import { addStep, dropStep, emitCall } from "./locked-call.ts";
import type { Call, CoreMemory, Fields, LoweringContext, Moment } from "./lowering-context.ts";
import { mirrorOfNotifier } from "./mirrors.ts";
import { codeField } from "./recorded-fields.ts";

/** Subscriptions with an interval part exist; a recording need not show their registration. */
export function ensureInterval(context: LoweringContext, mm: MmId, moment: Moment): void {
  if (peekMm(context.state, mm).subs?.hasItree) return;
  context.emit(
    { type: "mmu_notifier_register", task: moment.task, mm, plain: null, ops: "all", rc: 0 },
    moment,
    "interval",
  );
}

/** A notifier acts, so an insertion of it that is still unplaced has happened. */
export function placeInsertion(
  context: LoweringContext,
  notifier: NotifierId,
  moment: Moment,
): void {
  for (let mm = 0; mm < context.state.mms.length; mm++) {
    const inserting = context
      .unplaced(mmId(mm))
      .find((step) => step.kind === "insert" && step.call.notifier === notifier);
    if (inserting !== undefined) placeStep(context, inserting, moment.line, "interval");
  }
}

/**
 * A notifier shows itself: an insertion that is still unplaced has happened, and one that was never
 * seen is learned.
 */
export function ensureNotifier(
  context: LoweringContext,
  mm: MmId,
  notifier: NotifierId,
  fields: Fields,
  moment: Moment,
): void {
  placeInsertion(context, notifier, moment);
  const known = peekNotifier(context.state, notifier);
  if ((known.inTree || known.deferred) && known.mm === mm) return;
  if (known.inTree || known.deferred) gone(context, notifier, moment);
  context.emit(
    {
      type: "learn_notifier",
      task: moment.task,
      mm,
      notifier,
      mirror: mirrorOfNotifier(context, fields["sub"] ?? "", moment.task),
      start: ADDRESS_ZERO,
      last: ADDRESS_MAX,
      seq: null,
    },
    moment,
    "interval",
  );
}

/** `register`: the interval part of an mm, or a plain notifier. */
export function registered(
  context: LoweringContext,
  memory: CoreMemory,
  fields: Fields,
  moment: Moment,
): void {
  const mm = context.pointers.mm(fields["mm"] ?? "");
  const plain = fields["subscription"] ?? "0x0";
  if (/^0x0*$/.test(plain)) {
    if (peekMm(context.state, mm).subs?.hasItree) destroyed(context, mm, moment);
    memory.born.set(mm, 0);
    ensureInterval(context, mm, moment);
    return;
  }
  const id = context.pointers.plain(plain);
  if (context.state.plains[id]?.linked) return;
  context.emit(
    { type: "mmu_notifier_register", task: moment.task, mm, plain: id, ops: "all", rc: 0 },
    moment,
    "interval",
  );
}

/** `insert` is entered. */
export function insertEntered(context: LoweringContext, call: Call, moment: Moment): void {
  const { fields } = call;
  const mm = context.pointers.mm(fields["mm"] ?? "");
  const notifier = context.pointers.notifier(fields["sub"] ?? "");
  call.mm = mm;
  call.notifier = notifier;
  addStep(context, call, moment, "insert", (within, line, order) => {
    const at: Moment = { ...moment, line };
    const known = peekNotifier(within.state, notifier);
    if (known.inTree || known.deferred) gone(within, notifier, at);
    ensureInterval(within, mm, at);
    noteNewLife(within, mm, fields, at);
    emitCall(
      within,
      call,
      at,
      {
        type: "mmu_interval_notifier_insert",
        task: moment.task,
        mm,
        notifier,
        mirror: mirrorOfNotifier(context, fields["sub"] ?? "", moment.task),
        start: context.pointers.address(fields["start"] ?? "0x0"),
        length: context.pointers.address(fields["length"] ?? "0x0"),
        rc: 0,
      },
      order,
    );
  });
}

/** `insert` returns: 0, or an error and nothing was inserted. */
export function insertReturned(
  context: LoweringContext,
  call: Call,
  fields: Fields,
  moment: Moment,
): void {
  const rc = codeField(fields);
  if (rc === 0) {
    placeStep(context, call.step, moment.line, "interval");
    return;
  }
  dropStep(context, call.step);
  if (call.mm === undefined || call.notifier === undefined) return;
  emitCall(context, call, moment, {
    type: "mmu_interval_notifier_insert",
    task: moment.task,
    mm: call.mm,
    notifier: call.notifier,
    mirror: mirrorOfNotifier(context, call.fields["sub"] ?? "", moment.task),
    start: context.pointers.address(call.fields["start"] ?? "0x0"),
    length: context.pointers.address(call.fields["length"] ?? "0x0"),
    rc,
  });
}

/** `remove` is entered. */
export function removeEntered(context: LoweringContext, call: Call, moment: Moment): void {
  const { fields } = call;
  const notifier = context.pointers.notifier(fields["sub"] ?? "");
  const mm = removedFrom(context, notifier, fields, moment);
  if (mm === null) return;
  call.mm = mm;
  call.notifier = notifier;
  ensureNotifier(context, mm, notifier, fields, moment);
  addStep(context, call, moment, "remove", (within, line, order) => {
    const body: EventBody = {
      type: "mmu_interval_notifier_remove",
      task: moment.task,
      mm,
      notifier,
    };
    emitCall(within, call, { ...moment, line }, body, order);
  });
}

/** The mm of a removal: a recorder that prints the notifier only leaves it to its insertion. */
function removedFrom(
  context: LoweringContext,
  notifier: NotifierId,
  fields: Fields,
  moment: Moment,
): MmId | null {
  const mm = fields["mm"];
  if (mm !== undefined) return context.pointers.mm(mm);
  placeInsertion(context, notifier, moment);
  return peekNotifier(context.state, notifier).mm;
}

/** `remove` returns. */
export function removeReturned(context: LoweringContext, call: Call, moment: Moment): void {
  if (call.mm === undefined || call.notifier === undefined) return;
  removedBefore(context, call, call.mm, call.notifier, moment);
  emitCall(context, call, moment, {
    type: "mmu_interval_notifier_remove_return",
    task: moment.task,
    mm: call.mm,
    notifier: call.notifier,
  });
}

/**
 * A removal has returned. If the sequence is odd and the notifier in the tree, either the epoch has
 * ended and an end is still unplaced, or the removal's step was before the epoch began.
 */
function removedBefore(
  context: LoweringContext,
  call: Call,
  mm: MmId,
  notifier: NotifierId,
  moment: Moment,
): void {
  const subs = () => peekMm(context.state, mm).subs;
  const seq = subs()?.seq;
  const frozen = () => subs() !== null && isOdd(subs()?.seq as Seq);
  if (frozen() && seq !== undefined) {
    tryPinSeq(context, mm, seqAfter(seq, context.state.seqModulus), moment);
  }
  if (!frozen()) {
    placeStep(context, call.step, moment.line, "interval");
    return;
  }
  dropStep(context, call.step);
  gone(context, notifier, moment);
}
