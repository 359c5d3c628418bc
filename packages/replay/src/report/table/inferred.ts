/**
 * Steps that are missing: in brackets and with a question mark, because nobody recorded them.
 *
 * They are said only where the slice shows that their probe fires, or where the violated rule is
 * about their absence: a recording without the probe says nothing.
 */
import type { MmEvent } from "@mmreplay/events";
import type { Finding } from "../../recording/check-report.ts";
import type { Cast } from "./cast.ts";
import { subName } from "./names.ts";

/** Remarks on missing steps, by the index of the event under which they stand. */
export function inferredRemarks(
  slice: readonly MmEvent[],
  shown: readonly MmEvent[],
  cast: Cast,
  finding: Finding,
): ReadonlyMap<number, readonly string[]> {
  const remarks = new Map<number, readonly string[]>();
  for (const event of shown) {
    const remark = missingSetSeq(slice, event, cast) ?? missingRetry(slice, event, finding, cast);
    if (remark !== undefined) remarks.set(event.index, [remark]);
  }
  return remarks;
}

/** A callback returned true and did not acknowledge its region. */
function missingSetSeq(slice: readonly MmEvent[], event: MmEvent, cast: Cast): string | undefined {
  if (event.type !== "invalidate_return" || !event.result) return undefined;
  if (!slice.some(({ type }) => type === "mmu_interval_set_seq")) return undefined;
  const own = slice.filter(({ task, index }) => task === event.task && index <= event.index);
  const entry = own.findLast((one) => one.type === "invalidate" && one.notifier === event.notifier);
  if (entry?.type !== "invalidate") return undefined;
  const told = own.some(
    (one) =>
      one.type === "mmu_interval_set_seq" &&
      one.notifier === event.notifier &&
      one.index > entry.index,
  );
  return told
    ? undefined
    : `? set_seq(${subName(event.notifier, cast.notifier)}, ${entry.seq}) not called`;
}

/** Pages are stored, and the section's number was not compared. */
function missingRetry(
  slice: readonly MmEvent[],
  event: MmEvent,
  finding: Finding,
  cast: Cast,
): string | undefined {
  if (event.type !== "device_map_begin") return undefined;
  const fires = slice.some(({ type }) => type === "mmu_interval_read_retry");
  if (!fires && finding.rule !== "K-I26") return undefined;
  const own = slice.filter(({ task, index }) => task === event.task && index < event.index);
  const begun = own.findLastIndex(({ type }) => type === "mmu_interval_read_begin");
  if (begun < 0) return undefined;
  const tested = own.slice(begun).some(({ type }) => type === "mmu_interval_read_retry");
  return tested
    ? undefined
    : `? read_retry(${subName(event.notifier, cast.notifier)}, ${event.seq}) not tested`;
}
