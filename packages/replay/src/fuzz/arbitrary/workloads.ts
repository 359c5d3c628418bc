/**
 * Workloads for fast-check: programs of up to 8 tasks over up to 64 pages and 16 notifiers.
 *
 * What is drawn is what a campaign draws, and it shrinks in the same order: tasks, operations, pages, notifiers,
 * then what is left. fast-check cuts values by where they came from; here the workload itself says what smaller
 * ones there are, so every candidate is legal, and one that somebody else made shrinks, too.
 */
import fc from "fast-check";
import { type DrawOptions, drawWorkload } from "../draw/draw-workload.ts";
import { smallerWorkloads } from "../shrink/smaller.ts";
import type { Workload } from "../workload.ts";

/** fast-check takes arbitraries that shrink in their own way as classes only. */
class Workloads extends fc.Arbitrary<Workload> {
  readonly #options: DrawOptions;

  constructor(options: DrawOptions) {
    super();
    this.#options = options;
  }

  generate(random: fc.Random): fc.Value<Workload> {
    const choices = { below: (end: number): number => random.nextInt(0, end - 1) };
    return new fc.Value(drawWorkload(choices, this.#options), undefined);
  }

  canShrinkWithoutContext(value: unknown): value is Workload {
    return typeof value === "object" && value !== null && "scenario" in value;
  }

  shrink(workload: Workload): fc.Stream<fc.Value<Workload>> {
    return fc.stream(candidatesOf(workload));
  }
}

function* candidatesOf(workload: Workload): IterableIterator<fc.Value<Workload>> {
  for (const make of smallerWorkloads(workload)) {
    const candidate = make();
    if (candidate !== undefined) yield new fc.Value(candidate.workload, undefined);
  }
}

/**
 * Workloads: most of them small, some at the limits.
 *
 * @example
 * ```ts
 * const two = workloads({ kind: "interval", limits: { tasks: 2 } });
 * fc.assert(fc.property(two, ({ scenario }) => scenario.programs.length <= 3), { seed: 1 }); // undefined
 * ```
 */
export function workloads(options: DrawOptions = {}): fc.Arbitrary<Workload> {
  return new Workloads(options);
}
