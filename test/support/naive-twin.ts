/**
 * A naive twin of interval notifiers: what mm/mmu_notifier.c does with its numbers, as simply as it can be said.
 *
 * Plain mutable data, calls that happen at once, a list that is searched from end to end, pages as numbers. It
 * knows nothing of core: no events, no step machines, no trees; where both say the same after every call, neither
 * has it from the other.
 */

/** A notifier over pages `[from, to)`. */
export interface TwinNotifier {
  from: number;
  to: number;
  seq: number;
  /** Where it is: in the tree, on the deferred list to come or to go, or nowhere. */
  where: "tree" | "coming" | "going" | "nowhere";
}

/** A reader between its begin and its store: asleep, or with the number that it has read. */
export interface TwinReader {
  readonly n: number;
  seq: number;
  asleep: boolean;
}

/** A region that is open. */
interface TwinRegion {
  readonly from: number;
  readonly to: number;
}

/** The twin. */
export interface Twin {
  seq: number;
  active: number;
  readonly notifiers: TwinNotifier[];
  /** Notifiers that come or go when the epoch is over, the latest first. */
  deferred: number[];
  readonly regions: Map<number, TwinRegion>;
  readonly readers: Map<number, TwinReader>;
  /** Removals that wait for the end of the epoch, by their tasks: which notifier, since which number. */
  readonly removals: Map<number, { readonly n: number; readonly seq: number }>;
}

/** A twin with so many notifiers, none of them inserted; the subscriptions are there. */
export function newTwin(notifiers: number): Twin {
  const none = (): TwinNotifier => ({ from: 0, to: 0, seq: 0, where: "nowhere" });
  return {
    seq: 2,
    active: 0,
    notifiers: Array.from({ length: notifiers }, none),
    deferred: [],
    regions: new Map(),
    readers: new Map(),
    removals: new Map(),
  };
}

const isOdd = (seq: number): boolean => seq % 2 === 1;
const at = (twin: Twin, n: number): TwinNotifier => twin.notifiers[n] as TwinNotifier;

/** mmu_interval_notifier_insert. */
export function twinInsert(twin: Twin, n: number, from: number, to: number): void {
  const notifier = at(twin, n);
  Object.assign(notifier, { from, to, where: "tree" });
  if (twin.active === 0) {
    notifier.seq = twin.seq - 1;
    return;
  }
  if (isOdd(twin.seq)) {
    notifier.where = "coming";
    twin.deferred.unshift(n);
  } else {
    twin.seq += 1;
  }
  notifier.seq = twin.seq;
}

/** mmu_interval_notifier_remove; whether it has to wait. */
export function twinRemove(twin: Twin, task: number, n: number): boolean {
  const notifier = at(twin, n);
  if (isOdd(twin.seq) && notifier.where === "tree") {
    notifier.where = "going";
    twin.deferred.unshift(n);
    twin.removals.set(task, { n, seq: twin.seq });
    return true;
  }
  twin.deferred = twin.deferred.filter((one) => one !== n);
  notifier.where = "nowhere";
  return false;
}

/** range_start; the notifiers that are called back. */
export function twinStart(twin: Twin, sid: number, from: number, to: number): number[] {
  twin.regions.set(sid, { from, to });
  twin.active += 1;
  const called = [...twin.notifiers.keys()].filter((n) => {
    const one = at(twin, n);
    const inTree = one.where === "tree" || one.where === "going";
    return inTree && one.from < to && from < one.to;
  });
  if (called.length > 0 && !isOdd(twin.seq)) twin.seq += 1;
  for (const n of called) at(twin, n).seq = twin.seq;
  return called;
}

/** range_end: the last one of an epoch lets in and out what has waited, and wakes. */
export function twinEnd(twin: Twin, sid: number): void {
  twin.regions.delete(sid);
  twin.active -= 1;
  if (twin.active > 0 || !isOdd(twin.seq)) return;
  twin.seq += 1;
  for (const n of twin.deferred) {
    const notifier = at(twin, n);
    notifier.where = notifier.where === "coming" ? "tree" : "nowhere";
  }
  twin.deferred = [];
  for (const [task, { seq }] of twin.removals) if (seq !== twin.seq) twin.removals.delete(task);
  for (const reader of twin.readers.values()) reader.asleep = false;
}

/** mmu_interval_read_begin. */
export function twinReadBegin(twin: Twin, task: number, n: number): void {
  const { seq } = at(twin, n);
  twin.readers.set(task, { n, seq, asleep: seq === twin.seq });
}

/** mmu_interval_read_retry under the lock: it stores and is done, or begins again. */
export function twinReadEnd(twin: Twin, task: number): "stored" | "retry" {
  const { n, seq } = twin.readers.get(task) as TwinReader;
  if (at(twin, n).seq === seq) {
    twin.readers.delete(task);
    return "stored";
  }
  twinReadBegin(twin, task, n);
  return "retry";
}
