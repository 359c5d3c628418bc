/**
 * A change to the model: other recipes, other labels, another driver, more scheduling points.
 *
 * Everything that it does not name is the model of Linux 6.1 itself. A mutant is one, and so is a driver of
 * the user's own: both run under the same rules, searches and replays as the model, and neither can be told
 * from it by them.
 */
import type { EventType } from "@mmreplay/events";
import { RECIPES, type Recipe, type Recipes } from "../engine/recipes.ts";
import type { Labels } from "./machine.ts";
import type { DriverOptions, Scenario } from "./operation.ts";
import { LABELS, type SchedulingPoints } from "./runner.ts";

/** One change. */
export interface ModelChange {
  /** Its name in schedules. */
  readonly id: string;
  /** What is changed, in one sentence. */
  readonly title: string;
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

/** The model with a change. */
export function modelOf(change: ModelChange | undefined): Model {
  if (change === undefined) return LINUX_6_1;
  return { labels: { ...LABELS, ...change.labels }, recipes: recipesWith(change) };
}

/** The recipes with a change: all that a replay needs of it. */
export function recipesWith({ recipes }: Pick<ModelChange, "recipes">): Recipes {
  return { ...RECIPES, ...recipes };
}

/** Scheduling points with those of a change. */
export function pointsOf(
  points: SchedulingPoints,
  change: ModelChange | undefined,
): SchedulingPoints {
  return change?.points === undefined ? points : new Set([...points, ...change.points]);
}

/** A scenario with a change's options. */
export function mutated(scenario: Scenario, change: ModelChange | undefined): Scenario {
  const { driver, deviceFault } = change ?? {};
  if (driver === undefined && deviceFault === undefined) return scenario;
  return {
    ...scenario,
    driver: { ...scenario.driver, ...driver },
    ...(deviceFault === undefined ? {} : { deviceFault }),
  };
}
