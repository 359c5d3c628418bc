/**
 * The two-column table of a finding, or of what happened around an event: what `diagram` prints.
 */
import { aroundEvent, sliceAround } from "../../src/recording/slice-around.ts";
import { twoColumnTable } from "../../src/report/table/table.ts";
import type { Store } from "./store.ts";

/** The lines of the table; empty when there is nothing to show. */
export function tableAt(store: Store, index: number): string[] {
  const { report, shown, violations, loaded } = store;
  const { file, taskNames, pointers } = report;
  const names = { file, taskNames, pointers };
  const chosen = violations[shown.finding];
  const violation =
    chosen?.index === index ? chosen : violations.find((one) => one.index === index);
  const finding = violation?.finding;
  const { timeline } = loaded;
  if (index >= timeline.length) return [];
  const first = finding?.evidence[0]?.index ?? index;
  const slice = sliceAround((at) => timeline.eventAt(at), timeline.length, first, index);
  const event = timeline.eventAt(index);
  return twoColumnTable({
    ...names,
    slice,
    finding: finding ?? aroundEvent(slice, event, (task) => store.taskName(task)),
  });
}
