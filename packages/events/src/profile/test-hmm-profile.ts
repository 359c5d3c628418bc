/**
 * The profile of lib/test_hmm.c, the kernel's HMM test driver.
 *
 * Group `dm` is the driver with out-of-line wrappers for what its compiler would inline, `lk` probes
 * inside the subscriptions lock (tied to one binary), `st` statics of the core. In struct dmirror the
 * page table lies at 0x8 and the notifier at 0x18. dmirror_do_update erases one page past `end`.
 */
import { TRACED_KERNELS } from "./core-profile.ts";
import type { Profile } from "./profile.ts";

const DRIVER: Profile["probes"] = {
  invalidate: { role: "invalidate" },
  snap_invalidate: { role: "invalidate" },
  locked: { role: "locked" },
  unlocking: { role: "unlocking" },
  set_seq: { role: "set_seq" },
  read_retry: { role: "read_retry" },
  do_fault: { role: "do_fault" },
  do_update: { role: "do_update" },
  pte_store: { role: "pte_store" },
  pte_erase: { role: "pte_erase" },
  range_snapshot: { role: "range_snapshot" },
};

const IN_LOCK: Profile["probes"] = {
  inv_start_lk: { role: "inv_start_lk" },
  inv_start_rel_lk: { role: "inv_start_lk" },
  inv_end_lk: { role: "inv_end_lk" },
  read_begin_lk: { role: "read_begin_lk" },
  insert_lk: { role: "insert_lk" },
  remove_lk: { role: "remove_lk" },
  deferred_insert_lk: { role: "deferred_insert_lk" },
  deferred_remove_lk: { role: "deferred_remove_lk" },
  read_begin_wait: { role: "read_begin_wait" },
  remove_wait: { role: "remove_wait" },
};

const CONTEXT: Profile["probes"] = {
  open: { role: "context" },
  close: { role: "context" },
  read: { role: "context" },
  write: { role: "context" },
  range_fault: { role: "context" },
  mig_to_dev: { role: "context" },
  mig_to_sys: { role: "context" },
  mig_map: { role: "context" },
  mig_back: { role: "context" },
  devmem_fault: { role: "context" },
  excl: { role: "context" },
  atomic_map: { role: "context" },
  inv_start_range: { role: "context" },
  inv_next: { role: "context" },
  itree_invalidate: { role: "context" },
  itree_release: { role: "context" },
  is_invalidating: { role: "context" },
  insert_inner: { role: "context" },
};

/** The HMM test driver, with the probes of its recorders. */
export const TEST_HMM_PROFILE: Profile = {
  name: "test_hmm",
  title: "HMM test driver (lib/test_hmm.c) with out-of-line wrappers",
  checkedOn: [...TRACED_KERNELS],
  extends: "core",
  probes: { ...DRIVER, ...IN_LOCK, ...CONTEXT },
  mirror: { sub: 0x18, pt: 0x8, dmirror: 0 },
  updateEndInclusive: true,
};
