/**
 * A step as the vectors write it down: op, args, ret, warn (../shared/vectors/README.md, section 5).
 *
 * The step's name and arguments follow from the label at which it began; what it returned follows
 * from its events, seen with the state just before and just after each.
 */
import {
  type At,
  faultPages,
  faultsInFlight,
  isFreed,
  isOdd,
  openRegion,
  placeOf,
  type Region,
  SCENARIO_MM,
  type Scenario,
  type State,
  someEntry,
} from "@mmreplay/core";
import type { EventBody, TaskId } from "@mmreplay/events";
import { opName } from "./op-name.ts";
import { decimal } from "./project-state.ts";
import { seqToU64 } from "./u64.ts";

/** A recorded step without its state. */
export interface ProjectedStep {
  op: string;
  args: Record<string, unknown>;
  ret: Record<string, unknown>;
  done: boolean;
  warn: string[];
}

/** What is put together while a step runs. */
interface Draft {
  readonly label: string;
  readonly op: At["op"];
  readonly events: EventBody[];
  region: Region | undefined;
  readonly ret: Record<string, unknown>;
  readonly warn: string[];
}

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

/** Watches one step of a task and says afterwards what the vectors would record of it. */
export class StepObserver {
  readonly #state: State;
  readonly #draft: Draft;
  readonly #task: TaskId;
  readonly #wasFreed: boolean;
  readonly #args: Record<string, unknown>;

  constructor(state: State, scenario: Scenario, task: TaskId) {
    const at = placeOf(state, scenario, task);
    if (at === undefined) throw new Error(`task ${task} has nothing to run`);
    this.#state = state;
    this.#task = task;
    this.#wasFreed = isFreed(at.mm);
    const region = at.me.region === null ? undefined : openRegion(at.mm, at.me.region);
    this.#draft = {
      label: at.me.label === "start" ? at.op.op : at.me.label,
      op: at.op,
      events: [],
      region: region === undefined ? undefined : { ...region },
      ret: {},
      warn: [],
    };
    this.#args = argsBefore(this.#draft, at);
  }

  /** An event is about to be applied. */
  before(event: EventBody): void {
    this.#draft.events.push(event);
    returnBefore(this.#draft, event, this.#state);
  }

  /** The event was applied. */
  after(event: EventBody): void {
    returnAfter(this.#draft, event, this.#state, this.#task);
  }

  /** The step is over. */
  result(): ProjectedStep {
    const { events, ret, warn } = this.#draft;
    const mm = this.#state.mms[SCENARIO_MM];
    if (mm !== undefined && isFreed(mm) && !this.#wasFreed) ret["mm_freed"] = true;
    const first = events[0];
    if (first?.type === "task_skip") {
      const sid = "sid" in this.#draft.op ? { sid: this.#draft.op.sid } : {};
      return {
        op: "skip",
        args: { of: first.of, ...sid },
        ret: { why: first.why },
        done: true,
        warn,
      };
    }
    return {
      op: opName(this.#draft.label, events),
      args: { ...this.#args, ...argsAfter(this.#draft) },
      ret,
      done: events.at(-1)?.goto === "next",
      warn,
    };
  }
}

function argsBefore({ label, op, region }: Draft, at: At): Record<string, unknown> {
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
    return at.mm.regions.find((region) => region.id > EXIT_REGION_FIRST);
  }
  return undefined;
}

/** Arguments that only the step itself makes known. */
function argsAfter({ events, label, region }: Draft): Record<string, unknown> {
  const start = events.find((event) => event.type === "mmu_notifier_invalidate_range_start");
  if (start !== undefined && region !== undefined) return rangeArgs(region);
  const put = events.find((event) => event.type === "mmu_notifier_put");
  if (put !== undefined) return { m: put.plain };
  if (label === "cb_lock" && events[0]?.type === "invalidate_return") return { cur_seq: undefined };
  return {};
}

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

function returnBefore(draft: Draft, event: EventBody, state: State): void {
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

/** How the vectors write the region of the release, where there is one. */
const RELEASE_ARGS = {
  sid: null,
  start: "0",
  end: "18446744073709551615",
  event: "RELEASE",
  blockable: true,
};

const YOUNG = ["clear_flush_young", "clear_young", "test_young"];

function callbackResult(draft: Draft, event: EventBody<"mn_hlist_callback">, state: State): void {
  if (!YOUNG.includes(event.operation)) return;
  draft.ret["young"] = event.result;
  const before = state.tasks[event.task]?.walk?.result ?? 0;
  if (event.goto === "mn_call_unlock") draft.ret["rc"] = before | event.result;
}

function returnAfter(draft: Draft, event: EventBody, state: State, task: TaskId): void {
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
    case "mn_hlist_invalidate_range_start":
      ret["rc"] = event.rc;
      break;
    default:
      faultResult(draft, event);
  }
}

function getResult({ ret }: Draft, event: EventBody<"mmu_notifier_register">): void {
  if (event.rc === 0) ret["m"] = event.plain;
  else {
    ret["rc"] = event.rc;
    if (event.plain !== null) ret["freed"] = event.plain;
  }
}

function callbackReturn(
  { ret, warn, region }: Draft,
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

function faultResult({ ret, label }: Draft, event: EventBody): void {
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
