/**
 * The head of a `perf script` record: `comm tid [cpu] time: `.
 *
 * The task name is padded to 16 or, in recordings with call chains, not at all, and it may hold
 * spaces and digits: the last `tid [cpu] time:` near the beginning of the line counts. So the name
 * is matched greedily, in a window that no body reaches.
 */

/** Who and where, and the place of the time. */
export interface PerfHead {
  readonly comm: string;
  readonly task: number;
  readonly cpu: number;
  readonly time: number;
}

/** comm, then pid or pid/tid, CPU, misc letters; what follows must be a time and its colon. */
const HEAD =
  /^(.{1,18}) +(-?\d{1,10})(?:\/(-?\d{1,10}))? +(?:\[(\d{1,6})\] +)?(?:[KUHGgSM][EpS]? +)?(?=\d+\.\d{6,9}: )/s;

/** Reads a head; `undefined` when the line has none. CPU 0 where perf was not asked for it. */
export function readPerfHead(line: string): PerfHead | undefined {
  const match = HEAD.exec(line);
  if (match === null) return undefined;
  const [whole, comm = "", pid, tid = pid, cpu = "0"] = match;
  return { comm: withoutPadding(comm), task: Number(tid), cpu: Number(cpu), time: whole.length };
}

/** Spaces around a name are padding; other white space is the name's own. */
function withoutPadding(comm: string): string {
  return comm.replace(/^ +| +$/g, "");
}
