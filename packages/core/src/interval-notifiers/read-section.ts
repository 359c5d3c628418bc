/**
 * Read sections: read_begin, its sleep, the retry checks, and the acknowledgement.
 *
 * read_begin waits only for the epoch that its own notifier has acknowledged; between a region's
 * start and the notifier's callback a reader goes on with the old number, and the callback (which
 * must still come) makes its retry check true or clears its store. Neither retry check looks at
 * the mm's sequence. Kernel counterparts: mmu_interval_read_begin (mm/mmu_notifier.c),
 * mmu_interval_read_retry, mmu_interval_set_seq (include/linux/mmu_notifier.h).
 */
import type { EventOf } from "@mmreplay/events";
import { notifierOf, type State, taskOf } from "../state/state.ts";

/** `mmu_interval_read_begin`: the number is taken; the task may fall asleep. */
export function readBegin(state: State, event: EventOf<"mmu_interval_read_begin">): void {
  const task = taskOf(state, event.task);
  task.section = { notifier: event.notifier, seq: event.seq, entries: [], checked: null };
  if (task.fault === null || task.fault.notifier !== event.notifier) {
    task.fault = { notifier: event.notifier, tries: 0 };
  }
  if (event.waits === true) {
    task.sleep = {
      kind: "read_begin",
      mm: event.mm,
      notifier: event.notifier,
      seq: event.seq,
      woken: false,
    };
  }
}

/** `read_begin_wake`: the sleep is over; the number is not read again. */
export function readBeginWake(state: State, event: EventOf<"read_begin_wake">): void {
  taskOf(state, event.task).sleep = null;
}

/** `read_seq_unguarded`: a buggy driver takes the notifier's number as it stands. */
export function readSeqUnguarded(state: State, event: EventOf<"read_seq_unguarded">): void {
  const { section } = taskOf(state, event.task);
  if (section === null) return;
  section.seq = event.seq;
  section.checked = null;
}

/**
 * `mmu_interval_read_retry`: the verdict holds while the driver's lock is held. A task that checks a
 * section which another one began (a worker) takes it over.
 */
export function readRetry(state: State, event: EventOf<"mmu_interval_read_retry">): void {
  const task = taskOf(state, event.task);
  const { notifier, seq, result } = event;
  if (task.section?.notifier === notifier && task.section.seq === seq) {
    task.section.checked = result;
  } else {
    task.section = { notifier, seq, entries: [], checked: result };
  }
}

/** `mmu_interval_set_seq`: the notifier acknowledges. */
export function setSeq(state: State, event: EventOf<"mmu_interval_set_seq">): void {
  notifierOf(state, event.notifier).seq = event.seq;
}
