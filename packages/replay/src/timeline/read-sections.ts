/**
 * Read sections by their events: from read_begin to the last store, or to the answer that says "again".
 *
 * What made a section retry is the first invalidation that called its notifier back after it had begun: from then
 * on its sequence was an old one. Where none was seen, it is the last one before. An -EBUSY of hmm_range_fault is
 * the same answer, one call earlier. The page's lanes and an exported trace both follow this.
 */
import type { EventOf, MmEvent } from "@mmreplay/events";

const EBUSY = -16;

/** A callback, as the sections of its notifier see it. */
export interface Callback {
  readonly index: number;
  readonly task: number;
  readonly cpu: number;
}

/** A section. */
export interface ReadSection {
  /** Index of its first event. */
  readonly start: number;
  readonly task: number;
  readonly notifier: number;
  readonly seq: number;
  /** The first callback in it. */
  hit: Callback | undefined;
}

/**
 * What an event does to a section. `retried`: it is over; `section` is undefined where its beginning was not seen.
 * `left`: its fault is over.
 */
export type SectionStep =
  | { readonly is: "begins" | "goes_on" | "kept" | "left"; readonly section: ReadSection }
  | {
      readonly is: "retried";
      readonly section: ReadSection | undefined;
      readonly notifier: number;
      readonly cause: Callback | undefined;
    };

/** Follows the sections of all tasks. */
export class ReadSections {
  /** The section that each task is in. */
  readonly #open = new Map<number, ReadSection>();
  /** The last callback of each notifier. */
  readonly #last = new Map<number, Callback>();

  /** Is told of every event, in order; what it does to its task's section. */
  saw(event: MmEvent): SectionStep | undefined {
    switch (event.type) {
      case "invalidate":
        this.#called(event);
        return undefined;
      case "mmu_interval_read_begin":
      case "read_seq_unguarded":
        return this.#begin(event);
      case "hmm_range_fault_return":
        return event.rc === EBUSY
          ? this.#retried(event.task, event.notifier)
          : this.#goesOn(event.task, event.notifier);
      case "mmu_interval_read_retry":
        return this.#checked(event);
      case "device_map_begin":
      case "device_map":
      case "hmm_range_fault":
      case "hmm_vma_handle_pte":
        return this.#goesOn(event.task, event.notifier);
      case "device_fault_return":
        return this.#left(event.task);
      default:
        return undefined;
    }
  }

  /** The last callback of a notifier. */
  lastOf(notifier: number): Callback | undefined {
    return this.#last.get(notifier);
  }

  /** Nothing that was open is known any more. */
  forget(): void {
    this.#open.clear();
  }

  #called({ index, task, cpu, notifier }: EventOf<"invalidate">): void {
    const callback = { index, task, cpu: cpu ?? -1 };
    this.#last.set(notifier, callback);
    for (const section of this.#open.values()) {
      if (section.notifier === notifier) section.hit ??= callback;
    }
  }

  #begin(event: EventOf<"mmu_interval_read_begin" | "read_seq_unguarded">): SectionStep {
    const { index: start, task, notifier, seq } = event;
    const section: ReadSection = { start, task, notifier, seq, hit: undefined };
    this.#open.set(task, section);
    return { is: "begins", section };
  }

  /** A section goes on after its check: a store may follow, even if the driver has let go of its lock. */
  #goesOn(task: number, notifier: number | null): SectionStep | undefined {
    const section = this.#open.get(task);
    return section?.notifier === notifier ? { is: "goes_on", section } : undefined;
  }

  #checked({
    task,
    notifier,
    result,
  }: EventOf<"mmu_interval_read_retry">): SectionStep | undefined {
    if (result) return this.#retried(task, notifier);
    const section = this.#open.get(task);
    return section === undefined ? undefined : { is: "kept", section };
  }

  #retried(task: number, notifier: number): SectionStep {
    const section = this.#open.get(task);
    this.#open.delete(task);
    const cause = section?.hit ?? this.#last.get(notifier);
    return { is: "retried", section, notifier, cause };
  }

  #left(task: number): SectionStep | undefined {
    const section = this.#open.get(task);
    this.#open.delete(task);
    return section === undefined ? undefined : { is: "left", section };
  }
}
