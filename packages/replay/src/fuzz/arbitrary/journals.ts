/**
 * Journals for fast-check: a workload that was run under a schedule, as its events.
 *
 * For whoever reads events and not programs: a reporter, a viewer, an importer of one's own. They shrink as their
 * workloads do, then as their schedules.
 */
import fc from "fast-check";
import type { DrawOptions } from "../draw/draw-workload.ts";
import { type Journal, journalOf } from "../turns.ts";
import { type ScheduleOptions, schedules } from "./schedules.ts";
import { workloads } from "./workloads.ts";

/**
 * Journals of whole runs.
 *
 * @example
 * ```ts
 * const small = journals({ kind: "interval", limits: { tasks: 2, pages: 2 } });
 * fc.assert(fc.property(small, ({ findings }) => findings.length === 0), { seed: 1 }); // undefined
 * ```
 */
export function journals(options: DrawOptions & ScheduleOptions = {}): fc.Arbitrary<Journal> {
  return fc
    .record({ workload: workloads(options), turns: schedules(options) })
    .map(({ workload, turns }) => journalOf(workload, turns));
}
