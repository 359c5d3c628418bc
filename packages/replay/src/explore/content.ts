/**
 * What a search depends on, as one hash: pieces of a search that were made apart belong together only if
 * they searched the same.
 *
 * A name does not tell: a file is edited between two runs, and two machines have files of the same name.
 */
import type { NamedScenario } from "@mmreplay/core";
import { stateHash } from "@mmreplay/events";

/** The hash of a scenario's programs, driver, steps and rules. */
export function contentOf({ scenario, points, rules, seqModulus }: NamedScenario): string {
  const ids = [...new Set(rules.map(({ id }) => id))].sort();
  return stateHash({
    scenario,
    points: [...points].sort(),
    rules: ids,
    seqModulus: seqModulus ?? 0,
  });
}
