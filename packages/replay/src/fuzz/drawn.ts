/**
 * Workloads that were drawn, by their names: `drawn/SEED/ROUND`, and `drawn/SEED/ROUND.i.j.k` for the k-th of the
 * smaller ones of the j-th of the smaller ones …
 *
 * A name is all that there is to a drawn workload: whoever has it draws it again, on any machine. So a failure
 * that a campaign has found and made small is a scenario like the others, to be shown, run and searched.
 */
import type { NamedScenario } from "@mmreplay/core";
import { SimError } from "@mmreplay/events";
import { createGenerator } from "../explore/generator.ts";
import { drawWorkload } from "./draw/draw-workload.ts";
import { smallerWorkloads } from "./shrink/smaller.ts";
import { namedWorkload, type Workload } from "./workload.ts";

const NAME = /^drawn\/(0|[1-9]\d*)\/((?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*))*)$/;

/** Rounds that a seed has. */
const ROUNDS_MAX = 2 ** 31 - 2;

/** Generators of this number draw workloads; those of schedules count from 0 on. */
const WORKLOADS = -1;

/** The path of a round's workload, after these steps of shrinking. */
export function pathOfDrawn(round: number, shrunk: readonly number[] = []): string {
  return [round, ...shrunk].join(".");
}

/**
 * The workload of a seed and a path: a round, or a round and which of the smaller workloads was taken, one after
 * the other.
 *
 * @example
 * ```ts
 * drawnWorkload(7, "3").name; // "drawn/7/3"
 * ```
 *
 * @throws SimError `E_SCENARIO` when there is no such workload.
 */
export function drawnWorkload(seed: number, path: string): NamedScenario {
  return drawnNamed(`drawn/${seed}/${path}`);
}

/** The workload of a name. @throws SimError `E_SCENARIO` when there is no such workload. */
export function drawnNamed(name: string): NamedScenario {
  const [, seed, path = ""] = NAME.exec(name) ?? [];
  const [round = 0, ...shrunk] = path.split(".").map(Number);
  if (seed === undefined || !Number.isSafeInteger(Number(seed)) || round > ROUNDS_MAX) {
    throw unknown(name, "drawn/SEED/ROUND, or drawn/SEED/ROUND.i.j with steps of shrinking");
  }
  let workload: Workload = drawWorkload(createGenerator(Number(seed), WORKLOADS, round));
  for (const [step, place] of shrunk.entries()) {
    const smaller = smallerWorkloads(workload);
    const candidate = smaller[place]?.();
    if (candidate === undefined) {
      const before = pathOfDrawn(round, shrunk.slice(0, step));
      throw unknown(name, `one of the ${smaller.length} places after drawn/${seed}/${before}`);
    }
    ({ workload } = candidate);
  }
  return namedWorkload(name, workload);
}

function unknown(name: string, expected: string): SimError {
  return new SimError({
    code: "E_SCENARIO",
    found: JSON.stringify(name.slice(0, 60)),
    expected,
    action: "Paste the name that mmreplay fuzz has printed.",
  });
}
