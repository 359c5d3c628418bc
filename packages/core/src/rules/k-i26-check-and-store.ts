/**
 * K-I26: the retry check and the store are one critical section of the driver's lock.
 *
 * A recorded store that shows the notifier's number beside the one it was looked up under decides by
 * values: if they differ, retry was due. Otherwise a missing check or a missing lock decides, where the
 * recording is whole.
 */
import type { MmEvent } from "@mmreplay/events";
import { isLearned } from "../interval-notifiers/interval-notifier.ts";
import type { State } from "../state/state.ts";
import { isRecorded } from "./position.ts";
import { noMemory, type Rule, type Verdict } from "./rule.ts";

type Store = Extract<MmEvent, { type: "device_map_begin" | "device_map" }>;

/** K-I26. */
export const K_I26: Rule<null> = {
  id: "K-I26",
  kind: "transition",
  severity: "contract",
  statement:
    "Between a false read_retry and the store the driver's lock is held without a break, and it is the lock that the callback takes.",
  source: "kerneldoc of mmu_interval_read_retry; Documentation/mm/hmm.rst",
  on: ["device_map_begin", "device_map"],
  observes: [["device_map_begin"], ["device_map"]],
  start: noMemory,
  after(_, state, event, report) {
    if (event.type !== "device_map_begin" && event.type !== "device_map") return;
    if (event.notifier === null) return;
    const wrong = valueDiffers(event) ?? lockMissing(state, event) ?? checkMissing(state, event);
    if (wrong !== undefined) report.violated(wrong);
    else report.held();
  },
};

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

function checkMissing(state: State, event: Store): Verdict | undefined {
  const section = state.tasks[event.task]?.section;
  const notifier = event.notifier === null ? undefined : state.notifiers[event.notifier];
  const begun = section?.notifier === event.notifier;
  if (isRecorded(event) && !begun && (notifier === undefined || isLearned(notifier))) {
    return undefined;
  }
  if (begun && section?.checked === false) return undefined;
  const ignored = begun && section?.checked === true;
  const absent = begun ? "mmu_interval_read_retry" : "mmu_interval_read_begin";
  return {
    message: ignored
      ? `read_retry(${section.seq}) was true, and the pages are stored all the same.`
      : "Pages are stored without read_retry under the driver's lock.",
    ...(isRecorded(event) && !ignored ? { absent } : {}),
    ...(event.type === "device_map_begin" ? { address: event.start } : {}),
  };
}
