/**
 * The profile of the kernel's own functions: exported ones and symbols of the notifier core.
 *
 * These exist without any driver's help (group `mn` of ../shared/traces/probes). Which of them a
 * given kernel has, depends on its configuration and compiler: `mn_itree_inv_end` may be inlined.
 */
import type { Profile } from "./profile.ts";

/** The kernels of ../shared/traces. */
export const TRACED_KERNELS: readonly string[] = [
  "6.1.0-56-amd64 (Debian 6.1.192-2)",
  "6.1.192-hmmtrace (Debian source, statics not inlined)",
  "6.12.117+deb12-amd64 (Debian 6.12.117-1~deb12u1)",
];

/** The notifier core, HMM and migration. */
export const CORE_PROFILE: Profile = {
  name: "core",
  title: "mmu notifier core, HMM and migration; no driver",
  checkedOn: [...TRACED_KERNELS],
  probes: {
    insert: { role: "insert" },
    insert_locked: { role: "insert_locked" },
    remove: { role: "remove" },
    read_begin: { role: "read_begin" },
    inv_start: { role: "inv_start" },
    inv_end: { role: "inv_end" },
    release: { role: "release" },
    subs_destroy: { role: "subs_destroy" },
    register: { role: "register" },
    hmm_range_fault: { role: "hmm_range_fault" },
    itree_inv_end: { role: "itree_inv_end" },
    itree_insert: { role: "itree_insert" },
    itree_remove: { role: "itree_remove" },
    itree_first: { role: "context" },
    migrate_setup: { role: "migrate_setup" },
    migrate_pages: { role: "migrate_pages" },
    migrate_finalize: { role: "migrate_finalize" },
    exclusive: { role: "make_exclusive" },
  },
};
