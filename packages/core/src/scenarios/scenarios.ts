/**
 * All scenarios with a name.
 */
import { FORK_SCENARIOS } from "./fork.ts";
import { GOLDEN_TRACES } from "./golden.ts";
import { LOST_RIGHTS_SCENARIOS } from "./lost-rights.ts";
import { MEMORY_SCENARIOS } from "./memory.ts";
import { MIGRATION_SCENARIOS } from "./migration.ts";
import type { NamedScenario } from "./named-scenario.ts";
import { PEERS } from "./peers.ts";
import { PRESETS } from "./presets.ts";
import { RACES } from "./races.ts";
import { RANGE_FAULT_SCENARIOS } from "./range-fault.ts";

/** The presets, the golden traces, the races, memory, fork, range faults, and the peers' family. */
export const SCENARIOS: readonly NamedScenario[] = [
  ...PRESETS,
  ...GOLDEN_TRACES,
  ...RACES,
  ...MEMORY_SCENARIOS,
  ...FORK_SCENARIOS,
  ...RANGE_FAULT_SCENARIOS,
  ...MIGRATION_SCENARIOS,
  ...LOST_RIGHTS_SCENARIOS,
  ...PEERS,
];
