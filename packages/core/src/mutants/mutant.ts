/**
 * A mutant: one bug, historical, suspected or made up, as a change to one step.
 *
 * A change replaces the recipe of an event, a label of a program, or the driver's option; everything
 * else is the model of Linux 6.1 itself. A search over its scenario must find the rule that it breaks,
 * or show that it breaks none.
 */
import type { ModelChange } from "../tasks/model-change.ts";

/** One bug. */
export interface Mutant extends ModelChange {
  /** Commit, mail or table that tells of it. */
  readonly source: string;
  /** The scenario that shows it. */
  readonly scenario: string;
  /** The rule that its source says it breaks, or `deadlock`, `lost-wake-up`, `no-progress`; null: none. */
  readonly rule: string | null;
  /**
   * Of a change that breaks no rule: `equivalent` has the same graph of states as the model,
   * `observably-equivalent` another one, which callers and devices cannot tell from the model's.
   */
  readonly breaksNothing?: "equivalent" | "observably-equivalent";
  /** Of a suspected bug: what exactly is claimed. */
  readonly claim?: string;
}

/** Whether a mutant runs the model as it is, to show what that breaks itself. */
export function changesNothing(mutant: Mutant): boolean {
  const { recipes, labels, driver, deviceFault, points } = mutant;
  return [recipes, labels, driver, deviceFault, points].every((change) => change === undefined);
}

/**
 * Whether two mutants make one change: rows that tell of it have different sources, or ask for
 * different consequences.
 */
export function sameChange(one: Mutant, other: Mutant): boolean {
  return (
    sameFields(one.recipes, other.recipes) &&
    sameFields(one.labels, other.labels) &&
    sameFields(one.driver, other.driver) &&
    one.deviceFault === other.deviceFault &&
    sameFields(one.points, other.points)
  );
}

function sameFields(one: object | undefined = {}, other: object | undefined = {}): boolean {
  const [ones, others] = [new Map(Object.entries(one)), new Map(Object.entries(other))];
  return ones.size === others.size && [...ones].every(([key, value]) => others.get(key) === value);
}
