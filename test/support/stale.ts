/**
 * The ground truth that no rule can argue with: pages that the device maps and the CPU does not, or
 * maps elsewhere.
 */
import { stalePages } from "../../packages/replay/src/conform/project-state.ts";
import type { Run } from "./run.ts";

/** The stale pages of this moment. */
export function stalePagesOf(run: Run): number[] {
  return stalePages(run.state, run.scenario);
}
