import type { CheckOptions } from "./check-options.ts";
import type { DriverLayout } from "./lowering-context.ts";
import type { ProbeMeaning } from "./lowering.ts";

export interface UsedProfile {
  readonly name: string;
  readonly meaning: (probe: string) => ProbeMeaning | undefined;
  readonly layout: DriverLayout;
}
const roles = "insert insert_locked remove read_begin inv_start inv_end release subs_destroy register hmm_range_fault itree_inv_end itree_insert itree_remove migrate_setup migrate_pages migrate_finalize invalidate locked unlocking set_seq read_retry do_fault do_update pte_store pte_erase inv_start_lk inv_end_lk read_begin_lk insert_lk remove_lk deferred_insert_lk deferred_remove_lk read_begin_wait remove_wait".split(" ");
const table = new Map<string, ProbeMeaning>(roles.map((role) => [role, { role }]));
table.set("snap_invalidate", { role: "invalidate" });
table.set("inv_start_rel_lk", { role: "inv_start_lk" });
table.set("exclusive", { role: "make_exclusive" });
for (const c of "open close read write range_fault range_snapshot mig_to_dev mig_to_sys mig_map mig_back atomic_map excl devmem_fault itree_first".split(" ")) table.set(c, { role: "context" });

export function profileOf(_options: CheckOptions["profile"]): UsedProfile {
  return {
    name: "test_hmm",
    meaning: (probe) => table.get(probe),
    layout: { offsets: { sub: 0x18, pt: 8, dmirror: 0 }, updateEndInclusive: true },
  };
}
