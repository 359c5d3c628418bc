/**
 * A device fault that nobody disturbs stores its page.
 *
 * The protocol's rules say what a driver may not do, and one that never maps anything breaks none of them. These
 * say what a driver is for. That a fault ends as stored is asked only where nothing is invalidated: else the driver
 * may have given up. That one which says so has stored is asked everywhere, as long as no callback can have taken
 * the entries away again: the notifier has the number of read_begin, and nobody is under the lock.
 */
import { addressOfPage, type EventOf, pageOf, shortAddress } from "@mmreplay/events";
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

interface Memory {
  /** A page that was looked up and that the device has not. */
  missing: number | null;
  /** It could be asked. */
  asked: boolean;
}

/** What a fault that ends as stored has stored; asked in every scenario. */
export const FAULT_STORES_WHAT_IT_SAYS: Rule<Memory> = {
  ...FAULT_STORES,
  on: ["device_fault_return"],
  start: () => ({ missing: null, asked: false }),
  before(memory, state, event) {
    if (event.type !== "device_fault_return" || event.result !== "stored") return;
    const pages = undisturbed(state, event);
    if (pages === undefined) return;
    memory.asked = true;
    memory.missing = pages.mapped.find((page) => entryOf(pages.device, page) === 0) ?? null;
  },
  after(memory, _, event, report) {
    if (event.type !== "device_fault_return") return;
    const { asked, missing } = memory;
    Object.assign(memory, { asked: false, missing: null });
    if (!asked) return;
    if (missing === null) report.held();
    else {
      report.violated({
        message: `Nothing was invalidated since read_begin, and the fault ends as "stored" with no entry for ${shortAddress(addressOfPage(missing))}.`,
      });
    }
  },
};

/** The pages that a fault has found, and the device's entries; undefined: a callback may have cleared them. */
function undisturbed(state: State, event: EventOf<"device_fault_return">) {
  const notifier = state.notifiers[event.notifier];
  const section = state.tasks[event.task]?.section ?? null;
  if (notifier === undefined || notifier.mirror === null || section === null) return undefined;
  const { lock, device } = peekMirror(state, notifier.mirror);
  if (notifier.phase !== "live" || (lock !== null && lock !== event.task)) return undefined;
  if (section.notifier !== event.notifier || section.seq !== notifier.seq) return undefined;
  const mapped = section.entries.flatMap(([page, frame]) => (frame === 0 ? [] : [page]));
  return { device, mapped };
}
