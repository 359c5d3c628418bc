/**
 * A device fault that nobody disturbs stores its page.
 *
 * The protocol's rules say what a driver may not do, and one that never maps anything breaks none of them. These
 * say what a driver is for. That a fault ends as stored is asked only where nothing is invalidated: else the driver
 * may have given up. That one which says so has stored is asked everywhere: a callback may have taken the entries
 * away again, so what counts is what the device had when the fault gave back the lock.
 */
import {
  addressOfPage,
  type NotifierId,
  type PageEntry,
  pageOf,
  shortAddress,
} from "@mmreplay/events";
import { entryOf } from "../state/page-table.ts";
import { peekMirror, type State } from "../state/state.ts";
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

/** What a fault of a user's own driver that ends as stored has stored; asked in every scenario. */
export const FAULT_STORES_WHAT_IT_SAYS: Rule<{ wrong: boolean | undefined }> = {
  id: FAULT_STORES.id,
  kind: "transition",
  simulatedOnly: true,
  severity: "contract",
  statement:
    "A device fault that ends as stored has stored: when it gave back the lock the device had every page that was found.",
  source: FAULT_STORES.source,
  on: ["device_fault_return"],
  observes: FAULT_STORES.observes,
  start: () => ({ wrong: undefined }),
  before(memory, state, event) {
    memory.wrong = undefined;
    if (event.type !== "device_fault_return" || event.result !== "stored") return;
    const task = state.tasks[event.task];
    const had = task?.calls.at(-1)?.args["had"];
    if (had === undefined || task?.section?.notifier !== event.notifier) return;
    const { entries } = task.section;
    // Where no page is present there is nothing to store.
    if (entries.length > 0 && entries.every(([, frame]) => frame === 0)) return;
    memory.wrong = had === 0 && !hasNow(state, event.notifier, entries);
  },
  after({ wrong }, _, __, report) {
    if (wrong === false) report.held();
    if (wrong !== true) return;
    report.violated({ message: 'The fault ends as "stored", and this pass has stored nothing.' });
  },
};

/** Whether the device has pages all the same: another fault has stored them. */
function hasNow(state: State, notifier: NotifierId, entries: readonly PageEntry[]): boolean {
  const mirror = state.notifiers[notifier]?.mirror ?? null;
  const found = entries.filter(([, frame]) => frame !== 0);
  if (mirror === null || found.length === 0) return false;
  const { device } = peekMirror(state, mirror);
  return found.every(([page]) => entryOf(device, page) !== 0);
}
