/**
 * K-I30: a first registration becomes visible only while no region is open.
 *
 * Otherwise an end would run whose start was never counted.
 */
import { openSections } from "../address-space/address-space.ts";
import { noMemory, type Rule } from "./rule.ts";

/** K-I30. */
export const K_I30: Rule<null> = {
  id: "K-I30",
  kind: "transition",
  simulatedOnly: true,
  severity: "safety",
  statement:
    "The interval part and the first plain notifier become visible only when no region is open on the mm.",
  source: "mm_take_all_locks in __mmu_notifier_register",
  on: ["mmu_notifier_register"],
  observes: [["mm_create", "mmu_notifier_register"]],
  start: noMemory,
  after(_, state, event, report) {
    if (event.type !== "mmu_notifier_register" || event.rc !== 0) return;
    const mm = state.mms[event.mm];
    if (mm === undefined) return;
    if (openSections(mm) === 0) report.held();
    else {
      report.violated({
        message: `A registration became visible while ${openSections(mm)} invalidations were open.`,
      });
    }
  },
};
