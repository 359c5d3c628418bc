/**
 * A device fault that nobody disturbs stores its page.
 *
 * The protocol's rules say what a driver may not do, and one that never maps anything breaks none of them. This
 * one says what a driver is for. It is asked only where nothing is invalidated: else the callback may have taken
 * the entries away again, or the driver may have given up.
 */
import { addressOfPage, pageOf, shortAddress } from "@mmreplay/events";
import { entryOf } from "../state/page-table.ts";
import { peekMirror } from "../state/state.ts";
import { noMemory, type Rule } from "./rule.ts";

/** The rule. */
export const FAULT_STORES: Rule<null> = {
  id: "fault-stores",
  kind: "transition",
  simulatedOnly: true,
  severity: "contract",
  statement:
    "Where nothing is invalidated a device fault on a page that is present ends as stored, and the device has an entry for it.",
  source: "Documentation/mm/hmm.rst",
  on: ["device_fault_return"],
  observes: [["mm_create", "device_fault_return"]],
  start: noMemory,
  after(_, state, event, report) {
    if (event.type !== "device_fault_return") return;
    const notifier = state.notifiers[event.notifier];
    if (notifier?.mm == null || notifier.mirror === null) return;
    const mm = state.mms[notifier.mm];
    const page = pageOf(notifier.start);
    if (mm === undefined || entryOf(mm.cpu, page) === 0) return;
    const entry = entryOf(peekMirror(state, notifier.mirror).device, page);
    if (event.result === "stored" && entry !== 0) report.held();
    else {
      const result = event.result.replaceAll("_", " ");
      const has = entry === 0 ? "no entry" : "an entry";
      report.violated({
        message: `Nothing is invalidated, and the fault ends as "${result}" with ${has} for ${shortAddress(addressOfPage(page))}.`,
      });
    }
  },
};
