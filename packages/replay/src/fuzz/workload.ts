/**
 * What a campaign draws: programs over pages, notifiers and devices, as plain data.
 *
 * A drawn workload has no source but the seed, so its name says how to draw it again: the seed, the round,
 * and which smaller workload was taken at each step of shrinking (fast-check's path, with points). Whoever
 * has the name has the workload, on any machine.
 */
import { type NamedScenario, type Scenario, SEARCH_RULES, VECTOR_POINTS } from "@mmreplay/core";

/** Programs, and how sequence numbers wrap. */
export interface Workload {
  readonly scenario: Scenario;
  /** Sequence numbers count modulo this; absent: they never wrap. */
  readonly seqModulus?: number;
}

/** The workload as a scenario that can be run and searched. */
export function namedWorkload(name: string, { scenario, seqModulus }: Workload): NamedScenario {
  const counted = (kind: string, count: number) =>
    Array.from({ length: count }, (_, id) => `${kind}${id}`);
  return {
    name,
    title: "A workload that was drawn.",
    source: "mmreplay fuzz",
    tasks: counted("task", scenario.programs.length).slice(1),
    names: { notifiers: counted("notifier", scenario.notifiers), regions: [] },
    scenario,
    points: VECTOR_POINTS,
    rules: SEARCH_RULES,
    ...(seqModulus === undefined ? {} : { seqModulus }),
  };
}
