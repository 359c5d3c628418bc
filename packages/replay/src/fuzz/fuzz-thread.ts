/**
 * The entry point of a thread that draws rounds.
 */
import { parentPort, workerData } from "node:worker_threads";
import { mutantNamed, scenarioAt } from "../explore/named.ts";
import type { RoundJob } from "./campaign.ts";
import { localWorker, type WorkerBounds } from "./local-worker.ts";
import type { RoundFailure } from "./round.ts";

/** What a thread is told. */
export interface FuzzThreadTask {
  readonly seed: number;
  /** Its name or its file. */
  readonly scenario: string | undefined;
  readonly mutant: string | undefined;
  readonly rules: readonly string[] | undefined;
  readonly bounds: WorkerBounds;
}

/** What a thread is asked to do, one after the other. */
export type ThreadRequest =
  | { readonly kind: "round"; readonly job: RoundJob }
  | { readonly kind: "finish"; readonly failure: RoundFailure };

const { seed, scenario, mutant, rules, bounds } = workerData as FuzzThreadTask;
const worker = localWorker(
  {
    seed,
    ...(scenario === undefined ? {} : { named: await scenarioAt(scenario) }),
    ...(mutant === undefined ? {} : { mutant: mutantNamed(mutant) }),
    ...(rules === undefined ? {} : { rules }),
  },
  bounds,
);

parentPort?.on("message", async (request: ThreadRequest) => {
  const answer =
    request.kind === "round"
      ? await worker.round(request.job)
      : await worker.finish(request.failure);
  parentPort?.postMessage(answer);
});
