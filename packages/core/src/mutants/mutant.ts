/**
 * A mutant: one bug, historical, suspected or made up, as a change to one step.
 *
 * A change replaces the recipe of an event, a label of a program, or the driver's option; everything
 * else is the model of Linux 6.1 itself. A search over its scenario must find the rule that it breaks,
 * or show that it breaks none.
 */
import type { EventType } from "@mmreplay/events";
import { RECIPES, type Recipe, type Recipes } from "../engine/recipes.ts";
import type { Labels } from "../tasks/machine.ts";
import type { DriverOptions, Scenario } from "../tasks/operation.ts";
import { LABELS, type SchedulingPoints } from "../tasks/runner.ts";

/** One bug. */
export interface Mutant {
  readonly id: string;
  /** What is changed, in one sentence. */
  readonly title: string;
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
  /** Recipes in place of the model's. */
  readonly recipes?: { readonly [T in EventType]?: Recipe<T> };
  /** Labels in place of the model's. */
  readonly labels?: Labels;
  readonly driver?: Partial<DriverOptions>;
  /** What the mm's page faults do with a device's page. */
  readonly deviceFault?: NonNullable<Scenario["deviceFault"]>;
  /** Labels before which other tasks may run, too. */
  readonly points?: readonly string[];
}

/** The programs and recipes that run. */
export interface Model {
  readonly labels: Labels;
  readonly recipes: Recipes;
}

/** The model of Linux 6.1. */
export const LINUX_6_1: Model = { labels: LABELS, recipes: RECIPES };

/** The model with a mutant's change. */
export function modelOf(mutant: Mutant | undefined): Model {
  if (mutant === undefined) return LINUX_6_1;
  return {
    labels: { ...LABELS, ...mutant.labels },
    recipes: { ...RECIPES, ...mutant.recipes },
  };
}

/** Scheduling points with those of a mutant. */
export function pointsOf(points: SchedulingPoints, mutant: Mutant | undefined): SchedulingPoints {
  return mutant?.points === undefined ? points : new Set([...points, ...mutant.points]);
}

/** A scenario with a mutant's options. */
export function mutated(scenario: Scenario, mutant: Mutant | undefined): Scenario {
  const { driver, deviceFault } = mutant ?? {};
  if (driver === undefined && deviceFault === undefined) return scenario;
  return {
    ...scenario,
    driver: { ...scenario.driver, ...driver },
    ...(deviceFault === undefined ? {} : { deviceFault }),
  };
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
