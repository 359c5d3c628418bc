/**
 * A driver of the user's own: a fault path and an invalidate callback, each as labelled steps.
 *
 * It is data and pure functions, so it can be searched like the built-in mirror driver: every interleaving,
 * the shortest failing one, a journal that replays. A driver keeps nothing outside its variables.
 */

import type {
  DriverStep,
  FaultAction,
  FaultView,
  InvalidateAction,
  InvalidateView,
} from "./driver-actions.ts";
import { checkDefinition, checkParts } from "./driver-definition.ts";

/** A fault path: `start` begins it. */
export type FaultPath<L extends string = string, V extends string = string> = {
  readonly [label in L]: FaultStep<NoInfer<L>, V>;
};

type FaultStep<L extends string, V extends string> = DriverStep<FaultAction<L, V>, FaultView<V>>;

/** An invalidate callback: `start` begins it. */
export type Invalidate<L extends string = string, V extends string = string> = {
  readonly [label in L]: InvalidateStep<NoInfer<L>, V>;
};

type InvalidateStep<L extends string, V extends string> = DriverStep<
  InvalidateAction<L, V>,
  InvalidateView<V>
>;

/** A driver whose definition has been looked at. */
export interface Driver {
  /** Its name in schedules and reports. */
  readonly name: string;
  readonly faultPath: FaultPath;
  readonly invalidate: Invalidate;
  /** Integers of a driver instance, which its lock may guard, with their first values. */
  readonly variables: Readonly<Record<string, number>>;
  /** Passes of a fault are counted up to this, for steps that look at `tries`; absent: none may. */
  readonly maxTries?: number;
}

/** What `defineDriver` takes: labels are those of the steps, variables those declared. */
export interface DriverDefinition<F extends string, I extends string, V extends string> {
  readonly name: string;
  readonly faultPath: FaultPath<F, NoInfer<V>> & {
    readonly start: FaultStep<NoInfer<F>, NoInfer<V>>;
  };
  readonly invalidate: Invalidate<I, NoInfer<V>> & {
    readonly start: InvalidateStep<NoInfer<I>, NoInfer<V>>;
  };
  readonly variables?: Readonly<Record<V, number>>;
  readonly maxTries?: number;
}

/**
 * The driver of a definition. A label that no step has is a compile error where the definition is typed.
 *
 * @throws SimError `E_DRIVER` when a name, a label or a variable is none, or steps go round without an event.
 * @example
 * ```ts
 * const driver = defineDriver({
 *   name: "keeps-nothing",
 *   faultPath: { start: { do: "return", result: "failed" } },
 *   invalidate: {
 *     start: ({ blockable }) => blockable
 *       ? { do: "lock", next: "mark" }
 *       : { do: "trylock", next: "mark", busy: "refuse" },
 *     mark: { do: "set_seq", next: "unlock" },
 *     unlock: { do: "unlock", next: "done" },
 *     done: { do: "return", result: true },
 *     refuse: { do: "return", result: false },
 *   },
 * });
 * driver.name; // "keeps-nothing"
 * ```
 */
export function defineDriver<F extends string, I extends string, V extends string = never>(
  definition: DriverDefinition<F, I, V>,
): Driver {
  checkParts(definition, ["variables"]);
  const { name, faultPath, invalidate, variables, maxTries } = definition;
  // A step is only ever asked with a view of this driver's variables, so its narrower types are met.
  const driver: Driver = {
    name,
    faultPath: faultPath as unknown as FaultPath,
    invalidate: invalidate as unknown as Invalidate,
    variables: { ...variables },
    ...(maxTries === undefined ? {} : { maxTries }),
  };
  checkDefinition(driver);
  return driver;
}
