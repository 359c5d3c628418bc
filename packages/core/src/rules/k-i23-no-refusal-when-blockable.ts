/**
 * K-I23: only a non-blockable region may be refused. The core warns and goes on as if it were true.
 */
import { noMemory, type Rule } from "./rule.ts";

/** K-I23. */
export const K_I23: Rule<null> = {
  id: "K-I23",
  kind: "transition",
  severity: "contract",
  statement: "A callback, or a plain notifier's start, refuses only in a non-blockable region.",
  source: "WARN_ON in mn_itree_invalidate and mn_hlist_invalidate_range_start",
  on: ["invalidate_return", "mn_hlist_invalidate_range_start"],
  observes: [["invalidate_return"], ["mn_hlist_invalidate_range_start"]],
  start: noMemory,
  after(_, state, event, report) {
    if (event.type !== "invalidate_return" && event.type !== "mn_hlist_invalidate_range_start") {
      return;
    }
    const region = state.mms[event.mm]?.regions[event.region];
    if (region === undefined) return;
    const refused = event.type === "invalidate_return" ? !event.result : event.rc !== 0;
    if (!refused || region.blockable === false) report.held();
    else if (region.blockable === null)
      report.undecided("whether the region may be refused is not recorded");
    else {
      report.violated({
        message: `A blockable ${region.event} invalidation was refused: the driver keeps what it should have cleared.`,
        address: region.start,
      });
    }
  },
};
