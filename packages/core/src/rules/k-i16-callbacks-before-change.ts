/**
 * K-I16: nothing is taken away before every callback of its region has returned.
 *
 * The second half of the rule, secondary TLBs and the reuse of freed frames, needs the frames of the
 * address space and is not checked here.
 */
import { openRegion } from "../address-space/region.ts";
import { noMemory, type Rule } from "./rule.ts";

/** K-I16. */
export const K_I16: Rule<null> = {
  id: "K-I16",
  kind: "transition",
  simulatedOnly: true,
  severity: "safety",
  statement:
    "A page is unmapped inside a region only after all callbacks of the region have returned.",
  source: "Documentation/mm/mmu_notifier.rst, cases A and B",
  unchecked: "secondary TLBs, and the reuse of freed frames before the region's end",
  on: ["cpu_pte_change"],
  observes: [["cpu_pte_change"]],
  start: noMemory,
  after(_, state, event, report) {
    if (event.type !== "cpu_pte_change" || event.region === null) return;
    const mm = state.mms[event.mm];
    const region = mm ? openRegion(mm, event.region) : undefined;
    if (region === undefined) return;
    if (region.phase !== "starting") report.held();
    else {
      report.violated({
        message: `Entries of region${region.id} change while its callbacks still run.`,
        address: region.start,
      });
    }
  },
};
