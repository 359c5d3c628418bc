/**
 * A journal from outside may hold events that cannot happen: the reader is told which and why, and
 * the state stays as it was.
 */
import { emptyState, reduce, reduceInPlace, type State } from "@mmreplay/core";
import {
  address,
  type EventBody,
  eventIndex,
  type MmEvent,
  mirrorId,
  mmId,
  notifierId,
  plainId,
  regionId,
  SimError,
  taskId,
} from "@mmreplay/events";
import { describe, expect, it } from "vitest";

const task = taskId(0);
const mm = mmId(0);
const notifier = notifierId(0);
const region = regionId(0);
const plain = plainId(0);

const create: EventBody = { type: "mm_create", task, mm };
const register: EventBody = {
  type: "mmu_notifier_register",
  task,
  mm,
  plain: null,
  ops: "all",
  rc: 0,
};
const insertion = {
  type: "mmu_interval_notifier_insert",
  task,
  mm,
  notifier,
  mirror: mirrorId(0),
  start: address(0x1000),
  length: address(0x1000),
  rc: 0,
} as const;
const start: EventBody = {
  type: "mmu_notifier_invalidate_range_start",
  task,
  mm,
  region,
  start: address(0),
  end: address(0x1000),
  event: "CLEAR",
  blockable: true,
  owner: null,
};
const begin: EventBody = { type: "mmu_interval_notifier_insert_begin", task, mm, notifier };
const removal: EventBody = { type: "mmu_interval_notifier_remove", task, mm, notifier };
const put: EventBody = { type: "mmu_notifier_put", task, mm, plain };
const lock: EventBody = { type: "srcu_read_lock", task, mm, walk: null };
const mmapLock: EventBody = { type: "mmap_lock", task, mm };

/** What stands before, the event that cannot follow, and what the reader is told. */
const ILLEGAL: readonly [why: string, before: readonly EventBody[], event: EventBody][] = [
  ["a removal of notifier0, which is not inserted", [create, register], removal],
  ["a removal from an mm without subscriptions", [create], removal],
  ["a second insertion", [create, register, insertion], insertion],
  ["an insertion of notifier0", [create, begin], begin],
  ["an insertion into an mm without subscriptions", [create], insertion],
  [
    "a successful insertion of an empty interval",
    [create, register],
    { ...insertion, length: address(0) },
  ],
  ["a start of region0, which is open", [create, start], start],
  ["region0, which is not open", [create], { type: "mn_itree_inv_end", task, mm, region }],
  ["an end without start", [create, start], { type: "mn_itree_inv_end", task, mm, region }],
  [
    "a deferred notifier out of turn",
    [create, register],
    { type: "deferred_list_apply", task, mm, notifier },
  ],
  [
    "a dropped user of an mm without users",
    [create, { type: "mmput", task, mm }],
    { type: "mmput", task, mm },
  ],
  [
    "a dropped reference on a freed mm",
    [create, { type: "mmdrop", task, mm }],
    { type: "mmdrop", task, mm },
  ],
  ["a second holder of the mmap lock", [create, mmapLock], mmapLock],
  [
    "the exit of an mm with 2 users",
    [create, { type: "mmget", task, mm }],
    { type: "exit_mmap", task, mm },
  ],
  ["a put of plain0 without users", [create], put],
  ["a nested SRCU section", [create, lock], lock],
  [
    "a callback outside a walk",
    [create],
    { type: "mn_hlist_invalidate_end", task, mm, region, plain },
  ],
  ["a preset sequence in mid-flight", [create], { type: "preset_seq", task, mm, seq: 8 as never }],
  ["the id mm70000", [], { type: "mm_create", task, mm: mmId(70_000) }],
];

const placed = (body: EventBody, index: number): MmEvent =>
  ({ ...body, index: eventIndex(index) }) as MmEvent;

function refusal(run: () => unknown): SimError {
  try {
    run();
  } catch (error) {
    if (error instanceof SimError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("an event that cannot happen", () => {
  it.each(ILLEGAL)("is refused by both engines: %s", (why, before, event) => {
    const bad = placed(event, before.length);
    const kept: State = before.map(placed).reduce(reduce, emptyState());
    const own = structuredClone(kept);
    for (const error of [
      refusal(() => reduce(kept, bad)),
      refusal(() => reduceInPlace(own, bad)),
    ]) {
      expect(error.parts.code).toBe("E_ILLEGAL_EVENT");
      expect(error.parts.found).toBe(why);
      expect(error.parts.place).toBe(`event ${before.length} (${event.type})`);
    }
    expect(kept).toEqual(before.map(placed).reduce(reduce, emptyState()));
  });

  it("may be a modulus that is odd or too small", () => {
    expect(refusal(() => emptyState(7)).parts.found).toBe("a sequence modulus of 7");
    expect(refusal(() => emptyState(2)).parts.expected).toBe("an even number from 4");
  });
});
