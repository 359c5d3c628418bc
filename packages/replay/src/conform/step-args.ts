/**
 * The arguments of a step as the vectors write them (../shared/vectors/README.md, section 5).
 */
import { type At, faultPages, openRegion, type Region } from "@mmreplay/core";
import { decimal } from "./project-state.ts";
import type { StepDraft } from "./step-draft.ts";
import { seqToU64 } from "./u64.ts";

/** Ids from here on are the regions of mm_exit, which the vectors write as null. */
const EXIT_REGION_FIRST = 1_000_000;

function rangeArgs(region: Region): Record<string, unknown> {
  return {
    sid: region.id >= EXIT_REGION_FIRST ? null : region.id,
    start: decimal(region.start),
    end: decimal(region.end),
    event: region.event,
    blockable: region.blockable,
  };
}

/** How the vectors write the region of the release, where there is one. */
const RELEASE_ARGS = {
  sid: null,
  start: "0",
  end: "18446744073709551615",
  event: "RELEASE",
  blockable: true,
};

/** Arguments that are known when the step begins. */
export function argsBefore({ label, op, region }: StepDraft, at: At): Record<string, unknown> {
  switch (op.op) {
    case "insert":
      return {
        n: op.n,
        start: decimal(op.start),
        length: decimal(op.length),
        ...(op.locked ? { locked: true } : {}),
        ...(op.force ? { force: true } : {}),
      };
    case "remove":
      return { n: op.n };
    case "fault": {
      const { section } = at.me;
      const seq = ["fault_cpu_read", "fault_check_retry", "fault_retry_check", "fault_reuse_seq"];
      const notifier = at.state.notifiers[op.n];
      if (notifier === undefined || notifier.seq === null) return {};
      return {
        n: op.n,
        ...faultPages(at as Parameters<typeof faultPages>[0]),
        ...(seq.includes(label) && section !== null ? { seq: seqToU64(section.seq) } : {}),
      };
    }
    case "populate":
      return { page: op.page, np: op.np };
    case "preset_seq":
      return { seq: at.op.op === "preset_seq" ? seqToU64(at.op.seq) : "" };
    case "mn_register":
    case "mn_unregister":
      return { m: op.m };
    case "inv_start":
    case "inv_end":
    case "cpu_change":
    case "mm_exit":
      return invalidationArgs(label, region, at);
    default:
      return walkArgs(label, at);
  }
}

function walkArgs(label: string, at: At): Record<string, unknown> {
  if (!("start" in at.op && "end" in at.op)) return {};
  const range = { start: decimal(at.op.start), end: decimal(at.op.end) };
  if (label !== "mn_call_cb") return range;
  const m = at.me.walk?.cursor;
  if (at.op.op === "mn_invalidate_range") return { m, ...range };
  return at.op.op === "mn_change_pte" ? { m, address: range.start } : { m };
}

function invalidationArgs(
  label: string,
  region: Region | undefined,
  at: At,
): Record<string, unknown> {
  const cursor = at.me.walk?.cursor;
  if (label === "exit_release_cb") return { m: cursor };
  if (label === "mn_hlist_release" || label === "exit_srcu_wait") {
    return at.mm.subs?.hasItree ? RELEASE_ARGS : {};
  }
  if (region === undefined) {
    const named = "sid" in at.op ? openRegion(at.mm, at.op.sid) : exitRegion(label, at);
    if (named === undefined) return {};
    const onlyEnd =
      at.op.op === "inv_end" && at.op.onlyEnd && !named.counted ? { only_end: true } : {};
    return { ...rangeArgs(named), ...onlyEnd };
  }
  const sid = rangeArgs(region)["sid"];
  switch (label) {
    case "cb_lock":
    case "cb_set_seq": {
      const cur_seq = region.seq === null ? undefined : seqToU64(region.seq);
      const own = { n: region.next, cur_seq };
      return label === "cb_lock" ? { ...rangeArgs(region), ...own } : { sid, ...own };
    }
    case "cb_clear":
    case "cb_unlock":
      return { n: region.next, sid };
    case "mn_invalidate_range_cb":
      return { m: cursor, start: decimal(region.start), end: decimal(region.end) };
    case "mn_start_cb":
    case "mn_end_cb":
    case "mn_undo_end_cb":
      return { m: cursor, ...rangeArgs(region), sid: undefined };
    default:
      return rangeArgs(region);
  }
}

/** The region that a step of mm_exit is about, where the task is not in the middle of a call. */
function exitRegion(label: string, at: At): Region | undefined {
  if (label === "exit_cpu_change" || label === "exit_unmap_end") {
    return Object.values(at.mm.regions).find((region) => region.id > EXIT_REGION_FIRST);
  }
  return undefined;
}

/** Arguments that only the step itself makes known. */
export function argsAfter({ events, label, region }: StepDraft): Record<string, unknown> {
  const start = events.find((event) => event.type === "mmu_notifier_invalidate_range_start");
  if (start !== undefined && region !== undefined) return rangeArgs(region);
  const put = events.find((event) => event.type === "mmu_notifier_put");
  if (put !== undefined) return { m: put.plain };
  if (label === "cb_lock" && events[0]?.type === "invalidate_return") return { cur_seq: undefined };
  return {};
}
