import type { Mutant } from "@mmreplay/core";
import type { Choice } from "../../explore/schedule.ts";
import type { Workload } from "../workload.ts";
export function shrinkFailure(o: {
  workload: Workload;
  mutant: Mutant | undefined;
  rule: string;
  choices: readonly Choice[];
  seed: number;
}): any {
  return { workload: o.workload, choices: o.choices, path: [] as number[] };
}
