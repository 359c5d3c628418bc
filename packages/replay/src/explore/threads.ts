/**
 * A search on several threads, each of which has one part of the states.
 */
import { once } from "node:events";
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { type ExploreOptions, type ExploreReport, explore, proven, searchOf } from "./explore.ts";
import { placeOf } from "./named.ts";
import type { Round } from "./partition.ts";
import type { Subject } from "./prepare.ts";
import { DEFAULT_BOUNDS } from "./search.ts";
import type { ThreadTask } from "./search-thread.ts";
import { type Member, searchTogether } from "./together.ts";

/** Searches breadth-first on so many threads; the report is that of one. */
export async function exploreOnThreads(
  subject: Subject,
  options: ExploreOptions,
  workers: number,
): Promise<ExploreReport> {
  const { symmetry = true, por = true, stopped } = options;
  const members = Array.from({ length: workers }, (_, index): Member => {
    const { named, mutant } = subject;
    return threadOf({
      scenario: placeOf(named),
      mutant: mutant?.id,
      symmetry,
      por,
      index,
      of: workers,
    });
  });
  const { maxStates } = { ...DEFAULT_BOUNDS, ...options.bounds };
  const result = await searchTogether(members, { maxStates, stopped });
  if (result === undefined) return explore(subject, options);
  return proven(subject, options, searchOf(subject, options, por), result);
}

function threadOf(task: ThreadTask): Member {
  const here = import.meta.url;
  const worker = new Worker(new URL(`./search-thread${extname(here)}`, here), { workerData: task });
  return {
    async round(incoming) {
      worker.postMessage(incoming);
      // An error in the thread rejects this.
      const [round] = (await once(worker, "message")) as [Round];
      return round;
    },
    async end() {
      await worker.terminate();
    },
  };
}
