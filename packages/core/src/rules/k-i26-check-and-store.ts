/**
 * K-I26: the retry check and the store are one critical section of the driver's lock.
 *
 * A recorded store that shows the notifier's number beside the one it was looked up under decides by
 * values: if they differ, retry was due. Otherwise a missing check or a missing lock decides, where the
 * recording is whole. A store of several entries that is wrong is one violation. Entries that are
 * stored for a migration or for exclusive access are protected by the locks of their pages; an entry
 * of which nothing shows by what it was looked up cannot be decided.
 */
import type { MmEvent, TaskId } from "@mmreplay/events";
import { isLearned } from "../interval-notifiers/interval-notifier.ts";
import type { State } from "../state/state.ts";
import { isRecorded } from "./position.ts";
import type { Report, Rule, Verdict } from "./rule.ts";

type Store = Extract<MmEvent, { type: "device_map_begin" | "device_map" }>;

interface Memory {
  /** Tasks whose present store is wrong; its further entries say nothing new. */
  blamed: Record<TaskId, true>;
  /** Tasks that are in a migration, or have made pages exclusive and not left the lock since. */
  moving: Record<TaskId, "migration" | "exclusive">;
}

const none = (): Memory => ({ blamed: {}, moving: {} });

/** K-I26. */
export const K_I26: Rule<Memory> = {
  id: "K-I26",
  kind: "transition",
  severity: "contract",
  statement:
    "Between a false read_retry and the store the driver's lock is held without a break, and it is the lock that the callback takes.",
  source: "kerneldoc of mmu_interval_read_retry; Documentation/mm/hmm.rst",
  on: [
    "device_map_begin",
    "device_map",
    "driver_lock",
    "driver_unlock",
    "mmu_interval_read_begin",
    "migrate_vma_setup",
    "migrate_vma_finalize_return",
    "make_device_exclusive_range_return",
    "lost_events",
    "buffer_started",
  ],
  observes: [["device_map_begin"], ["device_map"]],
  start: none,
  after(memory, state, event, report) {
    switch (event.type) {
      case "device_map_begin":
        delete memory.blamed[event.task];
        judge(memory, event, wrongIn(state, event), report);
        break;
      case "device_map":
        if (event.notifier !== null) judge(memory, event, wrongIn(state, event), report);
        else if (isRecorded(event)) outsideFault(memory, state, event, report);
        break;
      case "migrate_vma_setup":
        memory.moving[event.task] = "migration";
        break;
      case "make_device_exclusive_range_return":
        memory.moving[event.task] = "exclusive";
        break;
      case "driver_unlock":
        delete memory.blamed[event.task];
        if (memory.moving[event.task] === "exclusive") delete memory.moving[event.task];
        break;
      case "driver_lock":
        delete memory.blamed[event.task];
        break;
      case "mmu_interval_read_begin":
      case "migrate_vma_finalize_return":
        delete memory.blamed[event.task];
        delete memory.moving[event.task];
        break;
      default:
        Object.assign(memory, none());
    }
  },
};

function judge(memory: Memory, event: Store, wrong: Verdict | undefined, report: Report): void {
  if (memory.blamed[event.task]) return;
  if (wrong === undefined) {
    report.held();
    return;
  }
  memory.blamed[event.task] = true;
  report.violated(wrong);
}

function wrongIn(state: State, event: Store): Verdict | undefined {
  return valueDiffers(event) ?? lockMissing(state, event) ?? checkMissing(state, event);
}

/** An entry that is stored outside any recorded fault: the task's own section may be its. */
function outsideFault(memory: Memory, state: State, event: Store, report: Report): void {
  const missing = lockMissing(state, event);
  if (missing === undefined && memory.moving[event.task] !== undefined) return;
  const section = state.tasks[event.task]?.section ?? null;
  const own = section !== null && state.notifiers[section.notifier]?.mirror === event.mirror;
  if (missing !== undefined) judge(memory, event, missing, report);
  else if (own && section.checked === false) judge(memory, event, undefined, report);
  else if (own && section.checked) judge(memory, event, ignoredRetry(section.seq), report);
  else report.undecided("nothing shows under which sequence the page was looked up");
}

/** Retry was due: the section's number is not the notifier's. */
function valueDiffers(event: Store): Verdict | undefined {
  if (event.type !== "device_map_begin") return undefined;
  if (event.recordedSeq === undefined || event.recordedSeq === event.seq) return undefined;
  return {
    message: `Pages looked up under sequence ${event.seq} are stored while the notifier's is ${event.recordedSeq}: retry was due.`,
    address: event.start,
    byValue: true,
  };
}

function lockMissing(state: State, event: Store): Verdict | undefined {
  if (state.mirrors[event.mirror]?.lock === event.task) return undefined;
  return {
    message:
      "Pages are stored without the driver's lock, so a callback can run between check and store.",
    ...(isRecorded(event) ? { absent: "driver_lock" as const } : {}),
    ...(event.type === "device_map_begin" ? { address: event.start } : {}),
  };
}

const ignoredRetry = (seq: number): Verdict => ({
  message: `read_retry(${seq}) was true, and the pages are stored all the same.`,
});

function checkMissing(state: State, event: Store): Verdict | undefined {
  const section = state.tasks[event.task]?.section;
  const notifier = event.notifier === null ? undefined : state.notifiers[event.notifier];
  const begun = section?.notifier === event.notifier;
  if (isRecorded(event) && !begun && (notifier === undefined || isLearned(notifier))) {
    return undefined;
  }
  if (begun && section?.checked === false) return undefined;
  const address = event.type === "device_map_begin" ? { address: event.start } : {};
  if (begun && section?.checked === true) return { ...ignoredRetry(section.seq), ...address };
  const absent = begun ? "mmu_interval_read_retry" : "mmu_interval_read_begin";
  return {
    message: "Pages are stored without read_retry under the driver's lock.",
    ...(isRecorded(event) ? { absent } : {}),
    ...address,
  };
}
