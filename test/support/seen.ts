/**
 * What a litmus table can show: the columns by name, and what a step says.
 */
import { entryOf, frameOf, type IntervalNotifier, openSections, type State } from "@mmreplay/core";
import type { MmEvent, NotifierId, Seq } from "@mmreplay/events";
import { SEQ_MODULUS_DEFAULT } from "../../packages/core/src/state/seq.ts";
import { seqToU64 } from "../../packages/replay/src/conform/u64.ts";
import { M, N, P } from "./operations.ts";
import type { Run } from "./run.ts";
import { stalePagesOf } from "./stale.ts";

const NAMES = ["N", "M", "P"];
const nameOf = (id: NotifierId): string => NAMES[id] ?? String(id);
const orDash = (list: readonly string[]): string => (list.length === 0 ? "-" : list.join(" "));

const seqText = (state: State, value: Seq | null | undefined): string => {
  if (value === null || value === undefined) return "-";
  return state.seqModulus === SEQ_MODULUS_DEFAULT ? seqToU64(value) : String(value);
};

const notifier = (run: Run, id: NotifierId): IntervalNotifier | undefined =>
  run.state.notifiers[id];
const subs = (run: Run) => run.state.mms[0]?.subs ?? null;

function deferred(run: Run): string {
  const list = subs(run)?.deferred ?? [];
  return orDash(list.map((id) => `${notifier(run, id)?.inTree ? "-" : "+"}${nameOf(id)}`));
}

function frames(run: Run, of: "cpu" | "device"): [page: number, frame: number][] {
  const cpu = run.state.mms[0]?.cpu ?? { leaves: {} };
  const device = run.state.mirrors[0]?.device ?? { leaves: {} };
  return run.scenario.cpu.flatMap((_, page): [number, number][] => {
    const frame = of === "cpu" ? entryOf(cpu, page) : frameOf(entryOf(device, page));
    return frame === 0 ? [] : [[page, frame]];
  });
}

const firstPage = (run: Run, of: "cpu" | "device"): string =>
  String(frames(run, of).find(([page]) => page === 0)?.[1] ?? "-");
const allPages = (run: Run, of: "cpu" | "device"): string =>
  orDash(frames(run, of).map(([page, frame]) => `${page}@${frame}`));

/** The columns of a litmus table. */
export const SEEN: Readonly<Record<string, (run: Run) => string>> = {
  /** invalidate_seq of the mm. */
  seq: (run) => seqText(run.state, subs(run)?.seq),
  /** active_invalidate_ranges. */
  active: (run) => String(subs(run)?.active ?? "-"),
  tree: (run) => orDash((subs(run)?.tree ?? []).map(nameOf)),
  /** From the head: `+N` is to be inserted, `-N` to be removed. */
  deferred,
  "N.seq": (run) => seqText(run.state, notifier(run, N)?.seq),
  "M.seq": (run) => seqText(run.state, notifier(run, M)?.seq),
  "P.seq": (run) => seqText(run.state, notifier(run, P)?.seq),
  /** Frame of page 0 in the CPU's page table, in the device's. */
  pte: (run) => firstPage(run, "cpu"),
  dev: (run) => firstPage(run, "device"),
  /** All present entries, `page@frame`. */
  cpu: (run) => allPages(run, "cpu"),
  device: (run) => allPages(run, "device"),
  stale: (run) => orDash(stalePagesOf(run).map(String)),
  /** Plain notifiers from the head of their list. */
  list: (run) => orDash((subs(run)?.list ?? []).map(String)),
  open: (run) => String(run.state.mms[0] === undefined ? 0 : openSections(run.state.mms[0])),
  users: (run) => String(run.state.mms[0]?.users),
  count: (run) => String(run.state.mms[0]?.count),
};

/** What a step returned or did, in a few words. */
export function saysOf(events: readonly MmEvent[]): string {
  return events.flatMap((event) => said(event)).join(", ");
}

function said(event: MmEvent): string[] {
  switch (event.type) {
    case "mmu_interval_read_begin":
      return [event.waits ? "sleeps" : "goes on"];
    case "mmu_interval_read_retry":
    case "mmu_interval_check_retry":
      return [event.result ? "retry" : "no retry"];
    case "device_map":
      return [`stores ${event.entries.map(([page, frame]) => `${page}@${frame}`).join(" ")}`];
    case "mmu_notifier_invalidate_range_start_return":
      return event.rc === 0 ? [] : [`rc ${event.rc}`];
    case "mmu_interval_notifier_insert":
      return event.rc === 0 ? [] : [`rc ${event.rc}`];
    case "invalidate":
      return [`calls ${nameOf(event.notifier)}`];
    case "deferred_list_apply":
      return [`applies ${nameOf(event.notifier)}`];
    case "wake_up_all":
      return ["wakes"];
    case "mn_hlist_invalidate_range_start":
      return [`start of ${event.plain}${event.rc === 0 ? "" : " refuses"}`];
    case "mn_hlist_invalidate_end":
      return [`end of ${event.plain}`];
    case "device_fault_return":
      return event.result === "stored" || event.result === "retry" ? [] : [event.result];
    case "task_skip":
      return [event.why];
    default:
      return [];
  }
}
