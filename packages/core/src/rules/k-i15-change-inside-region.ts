/**
 * K-I15: the CPU takes a page away only inside a region that covers it.
 *
 * Filling an absent entry needs no region, and neither does an upgrade of permissions.
 */
import { addressOfPage, endPageExclusive, pageOf } from "@mmreplay/events";
import { openRegion } from "../address-space/region.ts";
import { noMemory, type Rule } from "./rule.ts";

/** K-I15. */
export const K_I15: Rule<null> = {
  id: "K-I15",
  kind: "transition",
  simulatedOnly: true,
  severity: "safety",
  statement:
    "Every change of a CPU entry that removes, replaces or write-protects a present mapping lies between START and END of a region that covers it.",
  source: "Documentation/mm/mmu_notifier.rst; f268f6cf875f",
  on: ["cpu_pte_change"],
  observes: [["cpu_pte_change"]],
  start: noMemory,
  after(_, state, event, report) {
    if (event.type !== "cpu_pte_change") return;
    const mm = state.mms[event.mm];
    const region = event.region === null || !mm ? undefined : openRegion(mm, event.region);
    const changing = region !== undefined && region.phase !== "ending";
    const from = changing ? pageOf(region.start) : 0;
    const to = changing ? endPageExclusive(region.end) : 0;
    for (const [page] of event.entries) {
      if (page >= from && page < to) continue;
      report.violated({
        message: `The CPU's entry of page ${page} changes outside any invalidation.`,
        address: addressOfPage(page),
      });
      return;
    }
    report.held();
  },
};
