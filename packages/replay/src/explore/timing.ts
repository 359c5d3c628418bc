/**
 * What a search took: for comparisons on one machine in one minute, never across machines.
 *
 * CPU time of the process, because other programs cannot take that away; all threads count.
 */
import type { ExploreReport } from "./explore.ts";

/** What a search took. */
export interface Timing {
  /** User CPU time of the search itself. */
  readonly searchSeconds: number;
  /** The same since the process began. */
  readonly processSeconds: number;
  readonly statesPerSecond: number;
  /** Of drawn schedules only. */
  readonly runsPerSecond?: number;
  /** Most memory that the process has had. */
  readonly memoryMb: number;
}

const userSeconds = (): number => process.cpuUsage().user / 1e6;

/** Begins to measure; the result measures up to its call. */
export function startTiming(): (report: ExploreReport) => Timing {
  const begin = userSeconds();
  return ({ states, runs }) => {
    const processSeconds = userSeconds();
    const searchSeconds = processSeconds - begin;
    const perSecond = (count: number): number => Math.round(count / Math.max(searchSeconds, 1e-6));
    return {
      searchSeconds,
      processSeconds,
      statesPerSecond: perSecond(states),
      ...(runs === undefined ? {} : { runsPerSecond: perSecond(runs) }),
      memoryMb: Math.round(process.resourceUsage().maxRSS / 1024),
    };
  };
}
