/**
 * What of a state can still matter: the projection that a search stores and compares.
 *
 * A local whose value no later step reads is dead and cleared; so is a count that only numbers things.
 * Two states with equal projections have equal futures, and a test replays that they have.
 */

import type { Region } from "../address-space/region.ts";
import type { Part, PartValue } from "../state/parts.ts";
import type { Scenario } from "./operation.ts";
import { TRIES_UNLIMITED } from "./operation.ts";
import type { Task } from "./task.ts";

/** Labels of a fault between the beginning of its read section and the end of its variables' scope. */
const IN_SECTION: ReadonlySet<string> = new Set([
  "fault_reuse_seq",
  "read_begin_wake",
  "fault_cpu_read",
  "fault_check_retry",
  "fault_lock",
  "fault_retry_check",
  "fault_store",
  "fault_unlock_retry",
]);

/** The part's value with what is dead in it cleared. */
export function projected(scenario: Scenario, part: Part, value: PartValue): PartValue {
  switch (part.fields[0]) {
    case "name":
      return IN_SECTION.has(value["label"] as string) ? value : { ...value, section: null };
    case "fault":
      return { fault: liveFault(scenario, part.id, value["fault"] as Task["fault"]) };
    case "users":
      return scenario.pageVersions === true ? { ...value, nextFrame: 1 } : value;
    case "regions":
      return {
        regions: (value["regions"] as Region[]).map(liveRegion).sort((a, b) => a.id - b.id),
      };
    default:
      return value;
  }
}

/** A region's number is read by its callbacks only. */
function liveRegion(region: Region): Region {
  return region.next === null ? { ...region, seq: null } : region;
}

/** Faults are counted for the removal of their notifier; their tries for the bound. */
function liveFault(scenario: Scenario, task: number, fault: Task["fault"]): Task["fault"] {
  if (fault === null) return null;
  if (scenario.driver.maxTries !== TRIES_UNLIMITED) return fault;
  const removed = scenario.programs.some(
    (program, other) =>
      other !== task && program.some((op) => op.op === "remove" && op.n === fault.notifier),
  );
  return removed ? { ...fault, tries: 0 } : null;
}
