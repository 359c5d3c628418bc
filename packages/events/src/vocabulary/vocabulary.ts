/**
 * The one table of names: kernel function, event type, probe, vector op.
 *
 * Whoever meets a name in one place finds its counterparts here: the kernel's function (with its
 * underscores) or the step of it, the event, the probes that show it (../shared/traces/probes; `_ret`
 * is the return), the steps of the conformance vectors (../shared/vectors). A row without events is
 * a probe that is context only. Tests keep the table complete in all four columns.
 */
import type { EventType } from "../event/event.ts";

/** One fact under its four names. */
export interface VocabularyRow {
  /** Function or step, as the kernel spells it. */
  readonly kernel: string;
  readonly events: readonly EventType[];
  /** Probe names as printed, with `_ret` where the return is meant. */
  readonly probes: readonly string[];
  /** Step names of the vectors. */
  readonly ops: readonly string[];
}

/** An event of the product's own, which no kernel function records. */
export interface OwnEvent {
  readonly event: EventType;
  readonly reason: string;
  readonly ops: readonly string[];
}

function row(
  kernel: string,
  events: readonly EventType[],
  probes: string,
  ops: string,
): VocabularyRow {
  return { kernel, events, probes: words(probes), ops: words(ops) };
}

function words(text: string): readonly string[] {
  return text === "" ? [] : text.split(" ");
}

const INVALIDATION: readonly VocabularyRow[] = [
  row(
    "__mmu_notifier_invalidate_range_start, mn_itree_inv_start_range",
    ["mmu_notifier_invalidate_range_start"],
    "inv_start inv_start_lk inv_start_rel_lk",
    "inv_start",
  ),
  row(
    "return of __mmu_notifier_invalidate_range_start",
    ["mmu_notifier_invalidate_range_start_return"],
    "inv_start_ret",
    "inv_start cb_unlock inv_abort",
  ),
  row(
    "mmu_interval_notifier_ops.invalidate",
    ["invalidate", "invalidate_return"],
    "invalidate invalidate_ret snap_invalidate snap_invalidate_ret",
    "cb_lock cb_unlock cb_refuse",
  ),
  row(
    "__mmu_notifier_invalidate_range_end",
    ["mmu_notifier_invalidate_range_end", "mmu_notifier_invalidate_range_end_return"],
    "inv_end inv_end_ret",
    "inv_end",
  ),
  row(
    "mn_itree_inv_end",
    ["mn_itree_inv_end"],
    "itree_inv_end itree_inv_end_ret inv_end_lk",
    "inv_end inv_abort",
  ),
  row(
    "mn_itree_inv_end: interval_tree_insert or interval_tree_remove of the deferred list",
    ["deferred_list_apply"],
    "deferred_insert_lk deferred_remove_lk",
    "inv_end inv_abort",
  ),
  row("wake_up_all", ["wake_up_all"], "", "inv_end inv_abort"),
];

const INTERVAL_NOTIFIER: readonly VocabularyRow[] = [
  row(
    "mmu_interval_notifier_insert, mmu_interval_notifier_insert_locked",
    ["mmu_interval_notifier_insert_begin", "mmu_interval_notifier_insert"],
    "insert insert_ret insert_locked insert_locked_ret insert_lk",
    "insert_begin insert",
  ),
  row(
    "mmu_interval_notifier_remove",
    ["mmu_interval_notifier_remove"],
    "remove remove_lk remove_wait",
    "remove",
  ),
  row("mmu_interval_notifier_remove: wait_event", ["remove_wake"], "", "remove_wake"),
  row(
    "return of mmu_interval_notifier_remove",
    ["mmu_interval_notifier_remove_return"],
    "remove_ret",
    "remove",
  ),
  row("interval_tree_insert, interval_tree_remove", [], "itree_insert itree_remove", ""),
];

const READ_SECTION: readonly VocabularyRow[] = [
  row(
    "mmu_interval_read_begin",
    ["mmu_interval_read_begin"],
    "read_begin read_begin_ret read_begin_lk",
    "read_begin",
  ),
  row(
    "mmu_interval_read_begin: wait_event",
    ["read_begin_wake"],
    "read_begin_wait",
    "read_begin_wake",
  ),
  row(
    "mmu_interval_read_retry",
    ["mmu_interval_read_retry"],
    "read_retry read_retry_ret",
    "fault_retry_check",
  ),
  row("mmu_interval_check_retry", ["mmu_interval_check_retry"], "", "fault_check_retry"),
  row("mmu_interval_set_seq", ["mmu_interval_set_seq"], "set_seq", "cb_set_seq"),
];

const DRIVER: readonly VocabularyRow[] = [
  row(
    "the driver's lock (mutex_lock of dmirror.mutex)",
    ["driver_lock", "driver_unlock"],
    "locked unlocking",
    "cb_lock cb_unlock fault_lock fault_unlock teardown_lock teardown_clear",
  ),
  row("mutex_trylock of the driver's lock", ["driver_trylock_fail"], "", "cb_lock"),
  row(
    "the driver's store (dmirror_do_fault)",
    ["device_map_begin", "device_map"],
    "do_fault do_fault_ret pte_store",
    "fault_store",
  ),
  row(
    "the driver's zap (dmirror_do_update)",
    ["device_unmap"],
    "do_update do_update_ret pte_erase",
    "cb_clear teardown_clear",
  ),
  row(
    "the driver's fault loop (dmirror_range_fault)",
    ["device_fault", "device_fault_return"],
    "range_fault range_fault_ret",
    "fault_unlock",
  ),
  row("the driver's tear-down", ["driver_remove_begin"], "", "remove_begin"),
  row(
    "hmm_range_fault",
    ["hmm_range_fault", "hmm_range_fault_return"],
    "hmm_range_fault hmm_range_fault_ret",
    "",
  ),
  row("hmm_vma_handle_pte", ["hmm_vma_handle_pte"], "", "fault_cpu_read"),
];

const ADDRESS_SPACE: readonly VocabularyRow[] = [
  row("mm_init", ["mm_create"], "", ""),
  row("mmget, mmget_not_zero", ["mmget"], "", "insert_begin mn_begin"),
  row("mmput", ["mmput"], "", "insert register mn_find_get"),
  row("mmdrop", ["mmdrop"], "", ""),
  row("mmap_write_lock", ["mmap_lock"], "", "mmap_lock"),
  row("mmap_write_unlock", ["mmap_unlock"], "", "insert register mn_find_get"),
  row("set_pte_at, ptep_clear_flush", ["cpu_pte_change"], "", "cpu_change"),
  row("handle_mm_fault", ["handle_mm_fault"], "", "populate"),
  row("exit_mmap", ["exit_mmap", "exit_mmap_return"], "", "exit_begin exit_end"),
  row("__mmu_notifier_release", ["mmu_notifier_release"], "release release_ret", "mm_release"),
  row(
    "__mmu_notifier_subscriptions_destroy",
    ["mmu_notifier_subscriptions_destroy"],
    "subs_destroy",
    "",
  ),
];

const MEMORY: readonly VocabularyRow[] = [
  row("mmap_region", ["mmap_region"], "", ""),
  row("do_munmap", ["do_munmap"], "", ""),
  row("mprotect_fixup", ["mprotect_fixup"], "", ""),
  row("dup_mmap", ["dup_mmap", "dup_mmap_return"], "", ""),
  row("copy_page_range", ["copy_page_range"], "", ""),
  row("ret_from_fork", ["ret_from_fork"], "", ""),
  row("mremap", ["mremap"], "", ""),
  row("move_page_tables", ["move_page_tables"], "", ""),
  row("hugepage_madvise", ["hugepage_madvise"], "", ""),
  row("madvise_free_pte_range", ["madvise_free_pte_range"], "", ""),
  row("__split_huge_pmd", ["split_huge_pmd"], "", ""),
  row(
    "filemap_invalidate_lock, filemap_invalidate_unlock",
    ["filemap_invalidate_lock", "filemap_invalidate_unlock"],
    "",
    "",
  ),
  row("flush_tlb_range", ["flush_tlb_range"], "", ""),
  row(
    "filemap_add_folio, filemap_remove_folio",
    ["filemap_add_folio", "filemap_remove_folio"],
    "",
    "",
  ),
  row("alloc_page, copy_user_highpage", ["alloc_page"], "", ""),
  row("folio_copy", ["folio_copy"], "", ""),
  row("get_page, put_page", ["get_page", "put_page"], "", ""),
  row("lock_page, unlock_page", ["lock_page", "unlock_page"], "", ""),
  row("migration_entry_wait", ["migration_entry_wait"], "", ""),
  row("exc_page_fault", ["exc_page_fault"], "", ""),
  row("bad_area", ["bad_area"], "", ""),
  row("filemap_read", ["filemap_read"], "", ""),
  row("generic_perform_write", ["generic_perform_write"], "", ""),
  row("hmm_vma_fault", ["hmm_vma_fault"], "", ""),
  row(
    "dmirror_fops_unlocked_ioctl: dmirror_read, dmirror_write",
    ["dmirror_fops_unlocked_ioctl", "dmirror_fops_unlocked_ioctl_return"],
    "",
    "",
  ),
  row("dmirror_fops_release", ["dmirror_fops_release_return"], "", ""),
  row("dmirror_range_snapshot", ["dmirror_range_snapshot"], "", ""),
  row("dmirror_do_read", ["dmirror_do_read"], "", ""),
  row("dmirror_do_write", ["dmirror_do_write"], "", ""),
];

const MIGRATION: readonly VocabularyRow[] = [
  row(
    "migrate_vma_setup",
    ["migrate_vma_setup", "migrate_vma_setup_return"],
    "migrate_setup migrate_setup_ret",
    "",
  ),
  row("migrate_vma_collect", ["migrate_vma_collect"], "", ""),
  row("migrate_device_unmap", ["migrate_vma_unmap"], "", ""),
  row("migrate_device_range", ["migrate_device_range"], "", ""),
  row("the driver's copy", ["migrate_copy"], "", ""),
  row("migrate_vma_insert_page", ["migrate_vma_insert_page"], "", ""),
  row("dev_pagemap_ops.migrate_to_ram", ["migrate_to_ram"], "", ""),
  row("pin_user_pages, get_user_pages", ["get_user_pages"], "", ""),
  row("faultin_page", ["faultin_page"], "", ""),
  row("gup_test_ioctl", ["gup_test_ioctl"], "", ""),
  row("lockless_pages_from_mm", ["lockless_pages_from_mm"], "", ""),
  row("migrate_device_coherent_page", ["migrate_device_coherent_page"], "", ""),
  row("__get_user_pages_locked", ["get_user_pages_return"], "", ""),
  row(
    "migrate_vma_pages",
    ["migrate_vma_pages", "migrate_vma_pages_return"],
    "migrate_pages migrate_pages_ret",
    "",
  ),
  row(
    "migrate_vma_finalize",
    ["migrate_vma_finalize", "migrate_vma_finalize_return"],
    "migrate_finalize migrate_finalize_ret",
    "",
  ),
  row(
    "make_device_exclusive_range",
    ["make_device_exclusive_range", "make_device_exclusive_range_return"],
    "exclusive exclusive_ret",
    "",
  ),
];

const NOTIFIER_LIST: readonly VocabularyRow[] = [
  row(
    "__mmu_notifier_register",
    ["mmu_notifier_register_begin", "mmu_notifier_register"],
    "register",
    "mn_begin register",
  ),
  row("mmu_notifier_ops.alloc_notifier", ["alloc_notifier"], "", "mn_find_get register"),
  row("mmu_notifier_get_locked", ["mmu_notifier_get"], "", "mn_find_get"),
  row("mmu_notifier_put", ["mmu_notifier_put"], "", "mn_put"),
  row("mmu_notifier_unregister", ["mmu_notifier_unregister"], "", "mn_unregister"),
  row(
    "mmu_notifier_unregister: hlist_del_init_rcu",
    ["hlist_del_init_rcu"],
    "",
    "mn_unregister mn_unregister_del",
  ),
  row("return of mmu_notifier_unregister", ["mmu_notifier_unregister_return"], "", "srcu_wait"),
  row("mmu_notifier_ops.free_notifier", ["free_notifier"], "", "srcu_free"),
  row("srcu_read_lock", ["srcu_read_lock"], "", ""),
  row("srcu_read_unlock", ["srcu_read_unlock"], "", ""),
  row(
    "synchronize_srcu",
    ["synchronize_srcu", "synchronize_srcu_return"],
    "",
    "srcu_wait mn_synchronize",
  ),
  row("mn_hlist_invalidate_range_start", ["mn_hlist_invalidate_range_start"], "", "mn_start_cb"),
  row("mn_hlist_invalidate_end", ["mn_hlist_invalidate_end"], "", "mn_end_cb"),
  row(
    "mmu_notifier_ops.release, .clear_flush_young, .clear_young, .test_young, .change_pte, .invalidate_range",
    ["mn_hlist_callback"],
    "",
    "mn_release_cb mn_clear_flush_young_cb mn_clear_young_cb mn_test_young_cb mn_change_pte_cb mn_invalidate_range_cb",
  ),
  row("mn_hlist_release", ["mn_hlist_release"], "", "mn_hlist_release"),
  row(
    "__mmu_notifier_clear_flush_young, __mmu_notifier_clear_young, __mmu_notifier_test_young, __mmu_notifier_change_pte, __mmu_notifier_invalidate_range",
    ["mmu_notifier_call", "mmu_notifier_call_return"],
    "",
    "mn_clear_flush_young mn_clear_young mn_test_young mn_change_pte mn_invalidate_range",
  ),
];

/** Probes that say what is going on and change nothing: system calls of the test driver, statics. */
const CONTEXT: readonly VocabularyRow[] = [
  row("dmirror_fops_open, dmirror_fops_release", [], "open open_ret close close_ret", ""),
  row("dmirror_read, dmirror_write", [], "read read_ret write write_ret", ""),
  row("dmirror_range_snapshot", [], "range_snapshot range_snapshot_ret", ""),
  row(
    "dmirror_migrate_to_device, dmirror_migrate_to_system",
    [],
    "mig_to_dev mig_to_dev_ret mig_to_sys mig_to_sys_ret",
    "",
  ),
  row("dmirror_migrate_finalize_and_map", [], "mig_map", ""),
  row(
    "dmirror_devmem_fault, dmirror_devmem_fault_alloc_and_copy",
    [],
    "devmem_fault devmem_fault_ret mig_back",
    "",
  ),
  row("dmirror_exclusive, dmirror_atomic_map", [], "excl excl_ret atomic_map atomic_map_ret", ""),
  row("interval_tree_iter_first", [], "itree_first", ""),
  row("mn_itree_inv_start_range", [], "inv_start_range inv_start_range_ret", ""),
  row("mn_itree_inv_next", [], "inv_next inv_next_ret", ""),
  row("mn_itree_invalidate", [], "itree_invalidate itree_invalidate_ret", ""),
  row("mn_itree_release", [], "itree_release itree_release_ret", ""),
  row("mn_itree_is_invalidating", [], "is_invalidating", ""),
  row("__mmu_interval_notifier_insert", [], "insert_inner insert_inner_ret", ""),
];

/** Kernel function, event type, probe and vector op, in the order of the protocol. */
export const VOCABULARY: readonly VocabularyRow[] = [
  ...INVALIDATION,
  ...INTERVAL_NOTIFIER,
  ...READ_SECTION,
  ...DRIVER,
  ...ADDRESS_SPACE,
  ...MEMORY,
  ...MIGRATION,
  ...NOTIFIER_LIST,
  ...CONTEXT,
];

/** Events without a kernel counterpart, and why they exist. */
export const OWN_EVENTS: readonly OwnEvent[] = [
  own("task_start", "names a thread"),
  own("task_skip", "an operation that does not apply", "skip"),
  own("preset_seq", "test set-up", "preset_seq"),
  own("wait_child", "a parent has waited for its child"),
  own("cpu_access", "the CPU begins to read or write"),
  own("cpu_read", "a load of the CPU"),
  own("cpu_write", "a store of the CPU"),
  own("read_seq_unguarded", "a driver bug: the sequence without read_begin"),
  own("driver_set", "variables of a driver of the user's own"),
  own("unpaired_range_end", "a recorded end that belongs to no open region"),
  own("recording_start", "the limits of a recording"),
  own("intern", "a kernel pointer and its id"),
  own("lost_events", "a gap of a recording"),
  own("buffer_started", "the unknown past of a processor"),
  own("learn_mm", "what a recording shows of its past"),
  own("learn_notifier", "what a recording shows of its past"),
  own("learn_notifier_gone", "what a recording shows of a gap"),
  own("learn_mirror", "an address that is used again"),
  own("probe", "an observation that no profile maps"),
  own("recording_end", "the limits of a recording"),
];

function own(event: EventType, reason: string, ops: string = ""): OwnEvent {
  return { event, reason, ops: words(ops) };
}
