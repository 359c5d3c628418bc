/**
 * A worker on a thread of its own.
 *
 * Functions cannot be sent to a thread, so it is told names and prepares its scenarios itself
 * (fuzz-thread.ts).
 */
import { once } from "node:events";
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { placeOf } from "../explore/named.ts";
import type { CampaignWorker } from "./campaign.ts";
import type { FuzzFinding } from "./finish.ts";
import type { FuzzThreadTask, ThreadRequest } from "./fuzz-thread.ts";
import type { WorkerBounds } from "./local-worker.ts";
import type { RoundResult } from "./round.ts";
import type { CampaignSubject } from "./source.ts";

/** Starts a thread; it ends when the signal is aborted, whatever it is at. */
export function threadWorker(
  { seed, named, mutant, rules }: CampaignSubject,
  bounds: WorkerBounds,
  signal: AbortSignal,
): CampaignWorker {
  const here = import.meta.url;
  const workerData: FuzzThreadTask = {
    seed,
    scenario: named === undefined ? undefined : placeOf(named),
    mutant: mutant?.id,
    rules,
    bounds,
  };
  const worker = new Worker(new URL(`./fuzz-thread${extname(here)}`, here), { workerData });
  const ask = async (request: ThreadRequest): Promise<unknown> => {
    worker.postMessage(request);
    // An error in the thread rejects this, and so does the signal.
    const [answer] = await once(worker, "message", { signal });
    return answer;
  };
  return {
    round: async (job) => (await ask({ kind: "round", job })) as RoundResult,
    finish: async (failure) => (await ask({ kind: "finish", failure })) as FuzzFinding,
    async end() {
      await worker.terminate();
    },
  };
}
