/**
 * The recipe table: what each event means.
 *
 * One recipe per event type, plain code over plain data, `(draft, event) => void`. Both engines run
 * these and nothing else changes a state. Events that record a fact without changing the state map
 * to `unchanged`: they matter to rules and readers.
 */
import type { EventOf, EventType, MmEvent } from "@mmreplay/events";
import * as fork from "../address-space/fork.ts";
import * as lifetime from "../address-space/lifetime.ts";
import * as regionCalls from "../address-space/region-calls.ts";
import * as mirror from "../drivers/mirror/mirror-steps.ts";
import * as epoch from "../interval-notifiers/epoch.ts";
import * as insertion from "../interval-notifiers/insert.ts";
import * as section from "../interval-notifiers/read-section.ts";
import * as removal from "../interval-notifiers/remove.ts";
import * as access from "../memory/access.ts";
import * as files from "../memory/file.ts";
import * as frames from "../memory/frame.ts";
import * as held from "../memory/held-pages.ts";
import * as tlb from "../memory/tlb.ts";
import * as vmas from "../memory/vma.ts";
import * as plain from "../notifier-list/registration.ts";
import * as srcu from "../notifier-list/srcu-sections.ts";
import * as walk from "../notifier-list/walk.ts";
import * as learn from "../state/learn.ts";
import { legal } from "../state/legal.ts";
import { mmOf, type State, taskOf } from "../state/state.ts";
import type { Call, Task } from "../tasks/task.ts";

/** What an event does to a state. */
export type Recipe<T extends EventType> = (draft: State, event: EventOf<T>) => void;

const unchanged = (): void => {};

/** `preset_seq`: test set-up, allowed only where nothing is in progress. */
function presetSeq(state: State, event: EventOf<"preset_seq">): void {
  const { subs } = mmOf(state, event.mm);
  legal(subs !== null && subs.active === 0, "a preset sequence in mid-flight", "an idle mm");
  subs.seq = event.seq;
}

/** A recipe for every event type. */
export type Recipes = { readonly [T in EventType]: Recipe<T> };

/** The recipe of every event type. */
export const RECIPES: Recipes = {
  task_start: learn.taskStart,
  task_skip: unchanged,
  mm_create: lifetime.mmCreate,
  mmget: lifetime.mmget,
  mmput: lifetime.mmput,
  mmdrop: lifetime.mmdrop,
  mmap_lock: lifetime.mmapLock,
  mmap_unlock: lifetime.mmapUnlock,
  cpu_pte_change: lifetime.cpuPteChange,
  handle_mm_fault: lifetime.handleMmFault,
  exit_mmap: lifetime.exitMmap,
  mmu_notifier_release: unchanged,
  exit_mmap_return: lifetime.exitMmapReturn,
  mmu_notifier_subscriptions_destroy: lifetime.subscriptionsDestroy,
  mmu_interval_notifier_insert_begin: insertion.insertBegin,
  mmu_interval_notifier_insert: insertion.insert,
  mmu_interval_notifier_remove: removal.remove,
  remove_wake: removal.removeWake,
  mmu_interval_notifier_remove_return: removal.removeReturn,
  deferred_list_apply: epoch.deferredListApply,
  wake_up_all: epoch.wakeUpAll,
  preset_seq: presetSeq,
  mmu_notifier_invalidate_range_start: epoch.rangeStart,
  mmu_notifier_invalidate_range_start_return: regionCalls.rangeStartReturn,
  mmu_notifier_invalidate_range_end: regionCalls.rangeEnd,
  mn_itree_inv_end: epoch.itreeInvEnd,
  mmu_notifier_invalidate_range_end_return: regionCalls.rangeEndReturn,
  unpaired_range_end: unchanged,
  invalidate: unchanged,
  invalidate_return: epoch.invalidateReturn,
  mmu_interval_read_begin: section.readBegin,
  read_begin_wake: section.readBeginWake,
  read_seq_unguarded: section.readSeqUnguarded,
  mmu_interval_read_retry: section.readRetry,
  mmu_interval_check_retry: unchanged,
  mmu_interval_set_seq: section.setSeq,
  driver_lock: mirror.driverLock,
  driver_trylock_fail: unchanged,
  driver_unlock: mirror.driverUnlock,
  driver_set: mirror.driverSet,
  device_map_begin: unchanged,
  device_map: mirror.deviceMap,
  device_unmap: mirror.deviceUnmap,
  device_fault: mirror.deviceFault,
  device_fault_return: mirror.deviceFaultReturn,
  driver_remove_begin: mirror.driverRemoveBegin,
  hmm_range_fault: unchanged,
  hmm_vma_handle_pte: mirror.handlePte,
  hmm_range_fault_return: unchanged,
  mmap_region: vmas.mmapRegion,
  do_munmap: vmas.doMunmap,
  mprotect_fixup: vmas.mprotectFixup,
  mremap: vmas.mremap,
  hugepage_madvise: vmas.hugepageMadvise,
  move_page_tables: lifetime.movePageTables,
  flush_tlb_range: tlb.flushTlb,
  madvise_free_pte_range: lifetime.madviseFree,
  split_huge_pmd: unchanged,
  filemap_invalidate_lock: files.filemapLock,
  filemap_invalidate_unlock: files.filemapUnlock,
  filemap_add_folio: files.filemapAdd,
  filemap_remove_folio: files.filemapRemove,
  dup_mmap: fork.dupMmap,
  copy_page_range: fork.copyPageRange,
  dup_mmap_return: fork.dupMmapReturn,
  ret_from_fork: unchanged,
  wait_child: unchanged,
  alloc_page: frames.allocPage,
  folio_copy: frames.copyPages,
  get_page: frames.getPage,
  put_page: frames.putPage,
  lock_page: frames.lockPage,
  unlock_page: frames.unlockPage,
  migration_entry_wait: unchanged,
  cpu_access: unchanged,
  exc_page_fault: unchanged,
  bad_area: unchanged,
  cpu_read: unchanged,
  cpu_write: access.write,
  filemap_read: unchanged,
  generic_perform_write: files.fileWrite,
  hmm_vma_fault: unchanged,
  dmirror_do_read: unchanged,
  dmirror_do_write: access.write,
  dmirror_range_snapshot: unchanged,
  dmirror_fops_unlocked_ioctl: unchanged,
  dmirror_fops_unlocked_ioctl_return: unchanged,
  migrate_vma_setup: unchanged,
  migrate_vma_setup_return: unchanged,
  migrate_vma_collect: held.collect,
  migrate_device_range: held.collect,
  migrate_vma_unmap: held.giveUp,
  migrate_vma_insert_page: held.giveUp,
  migrate_to_ram: unchanged,
  faultin_page: unchanged,
  gup_test_ioctl: unchanged,
  lockless_pages_from_mm: frames.getFast,
  migrate_device_coherent_page: held.collect,
  get_user_pages_return: unchanged,
  dmirror_fops_release_return: mirror.driverFreed,
  get_user_pages: held.getUserPages,
  migrate_copy: frames.migrateCopy,
  migrate_vma_pages: unchanged,
  migrate_vma_pages_return: unchanged,
  migrate_vma_finalize: unchanged,
  migrate_vma_finalize_return: held.finalizeReturn,
  make_device_exclusive_range: unchanged,
  make_device_exclusive_range_return: unchanged,
  mmu_notifier_register_begin: plain.registerBegin,
  mmu_notifier_register: plain.register,
  alloc_notifier: plain.allocNotifier,
  mmu_notifier_get: plain.get,
  mmu_notifier_put: plain.put,
  mmu_notifier_unregister: plain.unregister,
  hlist_del_init_rcu: plain.unregisterUnlink,
  mmu_notifier_unregister_return: plain.unregisterReturn,
  free_notifier: plain.freeNotifier,
  srcu_read_lock: srcu.srcuReadLock,
  srcu_read_unlock: srcu.srcuReadUnlock,
  synchronize_srcu: srcu.synchronizeSrcu,
  synchronize_srcu_return: srcu.synchronizeSrcuReturn,
  mn_hlist_invalidate_range_start: walk.hlistRangeStart,
  mn_hlist_invalidate_end: walk.hlistRangeEnd,
  mn_hlist_callback: walk.hlistCallback,
  mn_hlist_release: plain.hlistRelease,
  mmu_notifier_call: srcu.plainCall,
  mmu_notifier_call_return: srcu.plainCallReturn,
  recording_start: unchanged,
  intern: unchanged,
  lost_events: learn.forget,
  buffer_started: learn.forget,
  learn_mm: learn.learnMm,
  learn_notifier: learn.learnNotifier,
  learn_notifier_gone: learn.learnNotifierGone,
  learn_mirror: learn.learnMirror,
  probe: unchanged,
  recording_end: unchanged,
};

/** The label that ends a call, or the operation; the next one begins at `start`. */
export const NEXT_OPERATION = "next";

/**
 * Applies one event to a state that may be changed: the fold that everything is built on. Only a mutant
 * brings recipes of its own.
 */
export function applyEvent(draft: State, event: MmEvent, recipes: Recipes = RECIPES): void {
  (recipes[event.type] as Recipe<EventType>)(draft, event);
  if (event.goto === undefined) return;
  const task = taskOf(draft, event.task);
  if (event.set !== undefined) Object.assign(innermost(task).args, event.set);
  if (event.call !== undefined) task.calls.push({ ...event.call, args: { ...event.call.args } });
  if (event.goto === NEXT_OPERATION) leave(task, event.ret);
  else task.label = event.goto;
}

function innermost(task: Task): Call {
  const call = task.calls.at(-1);
  legal(call !== undefined, "a local of no call", "a call");
  return call;
}

/** Back to the caller, or on to the next operation. A caller that has nothing more to do is left, too. */
function leave(task: Task, ret: number | undefined): void {
  let call = task.calls.pop();
  while (call?.back === NEXT_OPERATION) call = task.calls.pop();
  if (call === undefined) {
    task.pc += 1;
    task.label = "start";
    return;
  }
  task.label = call.back;
  if (ret !== undefined) innermost(task).args["ret"] = ret;
}
