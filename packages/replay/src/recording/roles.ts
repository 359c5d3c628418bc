/**
 * What each role of a probe does: the table from a printed line to the handler that lowers it.
 */
import type { Seq } from "@mmreplay/events";
import { destroyed } from "./lives.ts";
import { tryPinSeq } from "./lock-points.ts";
import { returning, stepHere } from "./locked-call.ts";
import * as driver from "./lower-driver.ts";
import * as invalidation from "./lower-invalidation.ts";
import * as membership from "./lower-membership.ts";
import { lowerMigration } from "./lower-migration.ts";
import {
  type Call,
  type CoreMemory,
  closeCall,
  type Fields,
  type LockedStep,
  type LoweringContext,
  type Moment,
  openCall,
} from "./lowering-context.ts";
import { numberField, seqField } from "./recorded-fields.ts";

/** Roles that are no step of their own. */
export const CONTEXT: readonly string[] = ["context", "range_snapshot"];

/** A snapshot is a call whose notifiers belong to the instance that it names. */
export function snapshot(
  context: LoweringContext,
  edge: string,
  fields: Fields,
  now: Moment,
): void {
  if (edge === "entry") push(context, "range_snapshot", fields, now);
  else returning(context, "range_snapshot", now, () => undefined);
}

/** Calls of one task that can be open at once. */
const CALLS_MAX = 64;

function push(context: LoweringContext, role: string, fields: Fields, now: Moment): Call {
  const stack = context.calls(now.task);
  if (stack.at(-1)?.role === role && context.fires(`${role} return`)) context.torn();
  if (stack.length >= CALLS_MAX) stack.shift();
  const call: Call = { role, line: now.line, fields };
  stack.push(call);
  context.entered(now.task).add(role);
  return call;
}

type Handler = (context: LoweringContext, memory: CoreMemory, fields: Fields, now: Moment) => void;

/** A line that opens a call. */
const opens =
  (
    role: string,
    then: (context: LoweringContext, call: Call, now: Moment, memory: CoreMemory) => void,
  ): Handler =>
  (context, memory, fields, now) =>
    then(context, push(context, role, fields, now), now, memory);

const ENTRIES: Readonly<Record<string, Handler>> = {
  register: (context, memory, fields, now) => membership.registered(context, memory, fields, now),
  subs_destroy: (context, _, fields, now) =>
    destroyed(context, context.pointers.mm(fields["mm"] ?? ""), now),
  insert: opens("insert", membership.insertEntered),
  remove: opens("remove", membership.removeEntered),
  inv_start: opens("inv_start", (context, call, now, memory) =>
    invalidation.startEntered(context, memory, call, now),
  ),
  inv_end: opens("inv_end", (context, call, now, memory) =>
    invalidation.endEntered(context, memory, call, now),
  ),
  release: opens("release", invalidation.releaseEntered),
  read_begin: opens("read_begin", (context, call, now) => {
    const mm = context.pointers.mm(call.fields["mm"] ?? "");
    call.mm = mm;
    call.notifier = context.pointers.notifier(call.fields["sub"] ?? "");
    invalidation.sample(context, mm, call.fields, now);
  }),
  hmm_range_fault: opens("hmm_range_fault", driver.walkEntered),
  invalidate: opens("invalidate", driver.callbackEntered),
  locked: (context, _, fields, now) => driver.lockChanged(context, "driver_lock", fields, now),
  unlocking: (context, _, fields, now) => driver.lockChanged(context, "driver_unlock", fields, now),
  set_seq: (context, _, fields, now) => driver.acknowledged(context, fields, now),
  read_retry: opens("read_retry", () => undefined),
  do_fault: (context, _, fields, now) => {
    settleRetry(context, now);
    driver.storeEntered(context, push(context, "do_fault", fields, now), now);
  },
  pte_store: (context, _, fields, now) => driver.entryStored(context, fields, now),
  pte_erase: (context, _, fields, now) => driver.entryCleared(context, fields, now),
  do_update: (context, _, fields, now) => driver.rangeCleared(context, fields, now),
  inv_start_lk: (context, _, fields, now) => lockLine(context, fields, now, "inv_start", "release"),
  inv_end_lk: (context, _, fields, now) => lockLine(context, fields, now, "inv_end"),
  insert_lk: (context, _, fields, now) => lockLine(context, fields, now, "insert"),
  remove_lk: (context, _, fields, now) => lockLine(context, fields, now, "remove"),
  itree_insert: (context, _, fields, now) => treeLine(context, fields, now, "insert"),
  itree_remove: (context, _, fields, now) => treeLine(context, fields, now, "remove"),
  remove_wait: (context, _, __, now) => {
    const call = openCall(context, now.task, "remove");
    stepHere(context, call, now);
  },
};

const NO_STEP = [
  "itree_inv_end",
  "read_begin_lk",
  "deferred_insert_lk",
  "deferred_remove_lk",
  "read_begin_wait",
];

/** A line at the entry of a call, or a line that is no call. */
export function entered(
  context: LoweringContext,
  memory: CoreMemory,
  role: string,
  fields: Fields,
  now: Moment,
): void {
  const calls = context.calls(now.task);
  settle(context, memory, calls, role, now);
  dropLeaf(context, calls, role);
  if (role === "set_seq" || role === "do_update") missCallback(context, role, now);
  const handler = ENTRIES[role === "insert_locked" ? "insert" : role];
  if (handler !== undefined) handler(context, memory, fields, now);
  else if (!NO_STEP.includes(role)) lowerMigration(context, role, "entry", fields, now);
}

/** Fields by which a return can name the object of its call; few recorders print them. */
const OBJECTS = ["sub", "range"];

/** A return that names another object than the open call does: lines between them are missing. */
function isOfAnother(context: LoweringContext, role: string, fields: Fields, now: Moment): boolean {
  const { sub, range } = fields as Partial<Record<"sub" | "range", string>>;
  if (sub === undefined && range === undefined) return false;
  const own = openCall(context, now.task, role)?.fields;
  const differs = OBJECTS.some((name) => {
    const printed = fields[name];
    return printed !== undefined && own?.[name] !== undefined && own[name] !== printed;
  });
  if (!differs) return false;
  closeCall(context, now.task, role);
  context.torn();
  return true;
}

/** Lines that a task prints while it is in range_end. */
const INSIDE_END: ReadonlySet<string> = new Set([
  ...["inv_end", "inv_end_lk", "itree_inv_end", "itree_insert", "itree_remove"],
  ...["deferred_insert_lk", "deferred_remove_lk"],
]);

/** Lines that a task prints while it is in a release. */
const INSIDE_RELEASE: ReadonlySet<string> = new Set([
  ...[...INSIDE_END].filter((role) => role !== "inv_end"),
  ...["inv_start_lk", "invalidate", "locked", "unlocking", "set_seq", "do_update", "pte_erase"],
]);

/** Lines that a task prints while it is in a driver's callback. */
const INSIDE_CALLBACK: ReadonlySet<string> = new Set([
  ...["locked", "unlocking", "set_seq", "do_update", "pte_erase"],
]);

/** What a task prints shows that calls have returned whose returns are not probed. */
function settle(
  context: LoweringContext,
  memory: CoreMemory,
  calls: Call[],
  role: string,
  now: Moment,
): void {
  if (calls.length === 0) return;
  settleCallback(context, calls, role);
  settleEnd(context, calls, role, now);
  settleRefusal(context, memory, calls, role, now);
}

/** A callback whose return is not probed has returned when its task prints what is no part of one. */
function settleCallback(context: LoweringContext, calls: Call[], role: string): void {
  if (calls.at(-1)?.role !== "invalidate" || INSIDE_CALLBACK.has(role)) return;
  if (!context.fires("invalidate return")) calls.pop();
}

/**
 * A range_end, or a release, whose return is not probed has returned when its task's next line comes.
 */
function settleEnd(context: LoweringContext, calls: Call[], role: string, now: Moment): void {
  const call = calls.at(-1);
  if (call?.role === "inv_end") {
    if (INSIDE_END.has(role) || context.fires("inv_end return")) return;
    calls.pop();
    invalidation.endReturned(context, call, now);
  } else if (call?.role === "release") {
    if (INSIDE_RELEASE.has(role) || role === "release" || context.fires("release return")) return;
    calls.pop();
    invalidation.releaseReturned(context, call, now);
  }
}

/** So has a start that a callback has refused; the core undoes it before that. */
function settleRefusal(
  context: LoweringContext,
  memory: CoreMemory,
  calls: Call[],
  role: string,
  now: Moment,
): void {
  const start = calls.at(-1);
  if (start?.role !== "inv_start" || start.abort === undefined) return;
  const inside = role !== "inv_end" && INSIDE_END.has(role);
  if (inside || context.fires("inv_start return")) return;
  calls.pop();
  invalidation.startReturned(context, memory, start, { ret: "-11" }, now);
}

/**
 * A line of a callback, and the callback is not seen: inside a start nothing else clears or
 * acknowledges, and set_seq is called in callbacks only.
 */
function missCallback(context: LoweringContext, role: string, now: Moment): void {
  if (openCall(context, now.task, "invalidate") !== undefined) return;
  const inner = context.calls(now.task).at(-1)?.role;
  if (inner === "inv_start" || inner === "release") context.torn();
  else if (role === "set_seq") context.unjudged();
}

/** Lines that a task prints while it is in read_begin. */
const INSIDE_READ_BEGIN: readonly string[] = ["read_begin_lk", "read_begin_wait"];

/**
 * A check, and read_begin, call nothing else that is probed: when their task does something else, their
 * return is missing, and a later one is not theirs.
 */
function dropLeaf(context: LoweringContext, calls: Call[], role: string): void {
  const leaf = calls.at(-1)?.role;
  const begins = leaf === "read_begin" && !INSIDE_READ_BEGIN.includes(role);
  const checks = leaf === "read_retry" && role !== "do_fault" && context.fires("read_retry return");
  if (!begins && !checks) return;
  calls.pop();
  if (context.fires(`${leaf} return`)) context.torn();
}

/** A check whose return is not recorded: the numbers at its entry decide, under the same lock. */
function settleRetry(context: LoweringContext, now: Moment): void {
  const check = context.calls(now.task).at(-1);
  if (check?.role !== "read_retry") return;
  context.calls(now.task).pop();
  const seq = seqField(check.fields, "seq");
  const own = seqField(check.fields, "sub_seq");
  if (seq !== null && own !== null) driver.retryChecked(context, check, seq !== own, now);
}

/** A line at the return of a call. */
export function returned(
  context: LoweringContext,
  memory: CoreMemory,
  role: string,
  fields: Fields,
  now: Moment,
): void {
  const paired = role === "insert_locked" ? "insert" : role;
  settle(context, memory, context.calls(now.task), role, now);
  if (isOfAnother(context, paired, fields, now)) return;
  returning(context, paired, now, (call) => {
    switch (paired) {
      case "insert":
        return membership.insertReturned(context, call, fields, now);
      case "remove":
        return membership.removeReturned(context, call, now);
      case "inv_start":
        return invalidation.startReturned(context, memory, call, fields, now);
      case "inv_end":
        return invalidation.endReturned(context, call, now);
      case "release":
        return invalidation.releaseReturned(context, call, now);
      case "read_begin":
        return driver.readBegun(context, call, fields, now);
      case "hmm_range_fault":
        return driver.walkReturned(context, call, fields, now);
      case "invalidate":
        return driver.callbackReturned(context, call, fields, now);
      case "read_retry":
        return driver.retryChecked(context, call, numberField(fields, "ret") !== 0, now);
      default:
        return undefined;
    }
  });
  lowerMigration(context, role, "return", fields, now);
}

/** A line inside the lock, printed by the task whose call it is: the step is here. */
function lockLine(
  context: LoweringContext,
  fields: Fields,
  now: Moment,
  ...roles: readonly string[]
): void {
  const call = openCall(context, now.task, ...roles);
  if (call?.step === undefined || call.step.done || call.mm === undefined) return;
  if (roles.includes("remove") || roles.includes("inv_end")) {
    const before = seqField(fields, "subs_seq");
    if (before !== null) pinOthers(context, call, before, now);
  }
  stepHere(context, call, now);
}

/** The sequence just before a call's own step: other tasks' steps may have to come first. */
function pinOthers(context: LoweringContext, call: Call, seq: Seq, now: Moment): void {
  const step = call.step as LockedStep;
  const steps = context.unplaced(step.mm);
  const at = steps.indexOf(step);
  if (at >= 0) steps.splice(at, 1);
  tryPinSeq(context, step.mm, seq, now);
  steps.push(step);
}

/** A tree edit: by the task's own insert or remove, or by the end that applies the deferred list. */
function treeLine(
  context: LoweringContext,
  fields: Fields,
  now: Moment,
  role: "insert" | "remove",
): void {
  const own = openCall(context, now.task, role);
  const notifier = context.pointers.notifier(fields["sub"] ?? "");
  if (own?.notifier === notifier && own.step !== undefined && !own.step.done) {
    stepHere(context, own, now);
    return;
  }
  const end = openCall(context, now.task, "inv_end", "inv_start", "release");
  if (end?.mm === undefined) return;
  const pending = context
    .unplaced(end.mm)
    .find((step) => step.kind === role && step.call.notifier === notifier);
  if (pending !== undefined) stepHere(context, pending.call, now);
  if (end.role === "inv_end") stepHere(context, end, now);
}
