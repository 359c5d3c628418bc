/**
 * What a step returned, as the vectors write it: from each event and the state around it.
 */
import {
  faultsInFlight,
  isOdd,
  openRegion,
  SCENARIO_MM,
  type State,
  someEntry,
} from "@mmreplay/core";
import type { EventBody, TaskId } from "@mmreplay/events";
import type { StepDraft } from "./step-draft.ts";
import { seqToU64 } from "./u64.ts";

/** Pages that a device_unmap is about to clear. */
function presentPages(state: State, event: EventBody<"device_unmap">): number[] {
  const pages: number[] = [];
  const mirror = state.mirrors[event.mirror];
  if (mirror === undefined) return pages;
  someEntry(mirror.device, event.startPage, event.endPageExclusive, (page) => {
    pages.push(page);
    return false;
  });
  return pages;
}

/** Takes what an event returns from the state just before it. */
export function returnBefore(draft: StepDraft, event: EventBody, state: State): void {
  const { ret } = draft;
  switch (event.type) {
    case "device_unmap":
      ret["cleared"] = presentPages(state, event);
      break;
    case "mn_itree_inv_end": {
      const subs = state.mms[SCENARIO_MM]?.subs;
      ret["final"] = subs?.active === 1 && isOdd(subs.seq);
      if (ret["final"]) ret["applied"] = [];
      break;
    }
    case "deferred_list_apply": {
      const kind = state.notifiers[event.notifier]?.inTree ? "remove" : "insert";
      (ret["applied"] as unknown[]).push([event.notifier, kind]);
      break;
    }
    case "wake_up_all":
      ret["woken"] = state.tasks.flatMap(({ sleep }, index) =>
        sleep === null || sleep.woken ? [] : [index],
      );
      break;
    case "srcu_read_lock":
      if (event.goto === "mn_call_unlock" && YOUNG.includes(event.walk ?? "")) ret["rc"] = 0;
      break;
    case "mn_hlist_callback":
      callbackResult(draft, event, state);
      break;
    default:
  }
}

const YOUNG = ["clear_flush_young", "clear_young", "test_young"];

function callbackResult(
  draft: StepDraft,
  event: EventBody<"mn_hlist_callback">,
  state: State,
): void {
  if (!YOUNG.includes(event.operation)) return;
  draft.ret["young"] = event.result;
  const before = state.tasks[event.task]?.walk?.result ?? 0;
  if (event.goto === "mn_call_unlock") draft.ret["rc"] = before | event.result;
}

/** Takes what an event returns from the state just after it. */
export function returnAfter(draft: StepDraft, event: EventBody, state: State, task: TaskId): void {
  const { ret, label } = draft;
  const mm = state.mms[SCENARIO_MM];
  const notifier = "notifier" in event ? state.notifiers[event.notifier as number] : undefined;
  switch (event.type) {
    case "mmu_interval_notifier_insert":
      ret["rc"] = event.rc;
      if (event.rc === 0) ret["where"] = notifier?.inTree ? "tree" : "deferred";
      if (event.rc === -22) {
        draft.warn.push("__mmu_interval_notifier_insert: atomic_read(&mm->mm_users) <= 0");
      }
      break;
    case "driver_remove_begin":
      ret["busy"] = faultsInFlight(state, event.notifier);
      break;
    case "mmu_interval_notifier_remove": {
      const sleep = state.tasks[task]?.sleep ?? null;
      ret["waits"] = sleep !== null;
      if (sleep !== null) ret["wait_seq"] = seqToU64(sleep.seq);
      ret["mode"] = sleep !== null ? "deferred" : "immediate";
      if (sleep === null && mm?.subs && isOdd(mm.subs.seq)) ret["mode"] = "cancel_insert";
      break;
    }
    case "mmu_notifier_invalidate_range_start": {
      const opened = mm === undefined ? undefined : openRegion(mm, event.region);
      if (opened === undefined) break;
      draft.region = { ...opened };
      if (!opened.counted) break;
      ret["first"] = opened.next;
      ret["cur_seq"] = seqToU64(opened.seq as Parameters<typeof seqToU64>[0]);
      break;
    }
    case "mmu_notifier_invalidate_range_start_return":
      ret["rc"] = event.rc;
      break;
    case "driver_lock":
      if (label === "cb_lock") ret["locked"] = true;
      break;
    case "driver_trylock_fail":
      ret["locked"] = false;
      break;
    case "invalidate_return":
      callbackReturn(draft, event, state);
      break;
    case "cpu_pte_change":
    case "handle_mm_fault":
      ret["changed"] = event.entries;
      break;
    default:
      listResult(draft, event, state);
      faultResult(draft, event);
  }
}

/** What the plain list's events return. */
function listResult(draft: StepDraft, event: EventBody, state: State): void {
  const { ret } = draft;
  switch (event.type) {
    case "mmu_notifier_register":
      if (draft.op.op === "mn_register") ret["rc"] = event.rc;
      else if (draft.op.op === "mn_get") getResult(draft, event);
      break;
    case "alloc_notifier":
      ret["alloc"] = event.plain;
      break;
    case "mmu_notifier_get":
      ret["m"] = event.plain;
      break;
    case "mmu_notifier_put":
      if (state.plains[event.plain]?.users === 0) ret["freeing"] = true;
      break;
    case "mmu_notifier_call":
      if (event.goto === "mn_call_return" && YOUNG.includes(event.operation)) ret["rc"] = 0;
      break;
    case "mn_hlist_invalidate_range_start":
      ret["rc"] = event.rc;
      break;
    default:
  }
}

function getResult({ ret }: StepDraft, event: EventBody<"mmu_notifier_register">): void {
  if (event.rc === 0) ret["m"] = event.plain;
  else {
    ret["rc"] = event.rc;
    if (event.plain !== null) ret["freed"] = event.plain;
  }
}

function callbackReturn(
  { ret, warn, region }: StepDraft,
  event: EventBody<"invalidate_return">,
  state: State,
): void {
  const mm = state.mms[SCENARIO_MM];
  const open = mm === undefined ? undefined : openRegion(mm, event.region);
  if (open === undefined || region === undefined) return;
  if (!event.result && !region.blockable) return;
  ret["next"] = open.next;
  if (event.result) return;
  ret["result"] = false;
  warn.push(
    region.event === "RELEASE"
      ? "mn_itree_release: !ret"
      : "mn_itree_invalidate: mmu_notifier_range_blockable(range)",
  );
}

function faultResult({ ret, label }: StepDraft, event: EventBody): void {
  switch (event.type) {
    case "mmu_interval_read_begin":
      ret["waits"] = event.waits;
      ret["seq"] = seqToU64(event.seq);
      break;
    case "read_begin_wake":
      ret["seq"] = seqToU64(event.seq);
      break;
    case "hmm_vma_handle_pte":
      ret["pte"] = event.entries.map(([, frame]) => frame);
      break;
    case "mmu_interval_check_retry":
    case "mmu_interval_read_retry":
      ret["retry"] = event.result;
      break;
    case "device_map":
      ret["stored"] = event.entries.map(([page, frame]) => [page, frame]);
      break;
    case "device_fault_return":
      if (event.result !== "retry" || label === "fault_unlock_retry") ret["result"] = event.result;
      break;
    default:
  }
}
