/**
 * The entry point of a thread that searches one part.
 *
 * Functions cannot be sent to a thread, so it is told the names and prepares its space itself.
 */
import { parentPort, workerData } from "node:worker_threads";
import type { Message } from "./exchange.ts";
import { mutantNamed, scenarioAt } from "./named.ts";
import { Partition } from "./partition.ts";
import { spaceOf } from "./prepare.ts";
import { DEFAULT_BOUNDS } from "./search.ts";

/** What a thread is told. */
export interface ThreadTask {
  /** Its name or its file. */
  readonly scenario: string;
  readonly mutant: string | undefined;
  readonly symmetry: boolean;
  readonly por: boolean;
  readonly index: number;
  readonly of: number;
}

const { scenario, mutant, symmetry, por, index, of } = workerData as ThreadTask;
const named = await scenarioAt(scenario);
const space = spaceOf(
  { named, mutant: mutant === undefined ? undefined : mutantNamed(mutant) },
  { reduced: por },
);
const search = { space, symmetry, bounds: DEFAULT_BOUNDS, seed: 0, pctDepth: 1 };
const partition = new Partition(search, index, of);
parentPort?.on("message", (incoming: readonly Message[]) => {
  parentPort?.postMessage(partition.round(incoming));
});
