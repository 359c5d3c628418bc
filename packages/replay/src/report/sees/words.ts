/**
 * Words for what a driver sees: pages, entries, locks, invalidations.
 *
 * Neighbouring pages whose entries are of one kind and name frames in a row, or one frame, stand in one line.
 */
import { frameOf, frameOfCpu, kindOf, mayWrite, ZERO_PAGE } from "@mmreplay/core";
import type { Change, Invalidation, Sight } from "../../sees/sight.ts";

/** `page 1`, `pages 0-3`: from the first to the last. */
export function pagesFrom(from: number, endExclusive: number): string {
  return endExclusive - from === 1 ? `page ${from}` : `pages ${from}-${endExclusive - 1}`;
}

/** The range of an invalidation. */
export function rangeOf({ pages }: Invalidation): string {
  return pages === null ? "everything" : pagesFrom(...pages);
}

/** An invalidation as a callback is told of it. */
export function toldOf(invalidation: Invalidation): string {
  const { event, blockable, owner } = invalidation;
  const may = blockable === false ? "not blockable" : "blockable";
  return [event, rangeOf(invalidation), may, ...(owner === null ? [] : [`owner ${owner}`])].join(
    ", ",
  );
}

const LOCKS: Readonly<Record<string, string>> = {
  mmap_write: "mmap write",
  mmap_read: "mmap read",
  page: "the page's",
};

/** A lock; a star where the model does not take it. */
export function lockOf(lock: string | null, seen: boolean): string {
  if (lock === null) return "none";
  return `${LOCKS[lock] ?? lock}${seen ? "" : " *"}`;
}

/** The locks of an operation: at each of its invalidations, or else the last that it held. */
export function locksOf({ invalidations, lock }: Sight): string[] {
  if (invalidations.length === 0) return [lockOf(lock, true)];
  return invalidations.map((one) => lockOf(one.lock, one.lockSeen));
}

interface Named {
  readonly kind: string;
  readonly frame: number;
}

const cpuNamed = (entry: number): Named => ({
  kind: (kindOf(entry) ?? "none").replaceAll("_", "-"),
  frame: frameOfCpu(entry),
});

const deviceNamed = (entry: number): Named => ({
  kind: entry === 0 ? "none" : mayWrite(entry) ? "writable" : "read-only",
  frame: frameOf(entry),
});

/** Whose table an entry is in. */
export type Owner = "cpu" | "device";

const namedBy = { cpu: cpuNamed, device: deviceNamed };

/** Pages whose entries read alike. */
interface Run {
  readonly from: number;
  readonly endExclusive: number;
  readonly columns: readonly Named[];
  readonly lasts: readonly Named[];
}

/** Whether an entry goes on where another one stopped. */
const follows = (last: Named, next: Named, first: Named): boolean =>
  last.kind === next.kind &&
  (first.frame !== ZERO_PAGE || next.frame === ZERO_PAGE) &&
  (next.frame === last.frame + 1 || (next.frame === last.frame && first.frame === last.frame));

function joined(rows: readonly { page: number; columns: readonly Named[] }[]): Run[] {
  const runs: Run[] = [];
  for (const { page, columns } of rows) {
    const last = runs.at(-1);
    const goesOn =
      last?.endExclusive === page &&
      columns.every((next, at) =>
        follows(last.lasts[at] as Named, next, last.columns[at] as Named),
      );
    if (last !== undefined && goesOn) runs.pop();
    const from = last !== undefined && goesOn ? last : { from: page, columns };
    runs.push({ from: from.from, columns: from.columns, lasts: columns, endExclusive: page + 1 });
  }
  return runs;
}

function entryWords(first: Named, last: Named): string {
  if (first.kind === "none") return "none";
  if (first.frame === ZERO_PAGE) return `${first.kind}, the zero page`;
  const frames =
    first.frame === last.frame ? `frame ${first.frame}` : `frames ${first.frame}-${last.frame}`;
  return `${first.kind}, ${frames}`;
}

/** Changes of a table, a line for pages that change alike: `page 0: writable, frame 2 -> none`. */
export function changeLines(owner: Owner, changes: readonly Change[]): string[] {
  const named = namedBy[owner];
  const rows = changes.map(({ page, before, after }) => ({
    page,
    columns: [named(before), named(after)],
  }));
  return joined(rows).map(({ from, endExclusive, columns, lasts }) => {
    const [before, after] = columns.map((first, at) => entryWords(first, lasts[at] as Named));
    return `${pagesFrom(from, endExclusive)}: ${before} -> ${after}`;
  });
}

/** Both tables, a line for pages that are alike. */
export function tableLines({ cpu, device }: Sight["before"]): string[] {
  const rows = cpu
    .map((entry, page) => ({ page, columns: [cpuNamed(entry), deviceNamed(device[page] ?? 0)] }))
    .filter(({ columns }) => columns.some(({ kind }) => kind !== "none"));
  return joined(rows).map(({ from, endExclusive, columns, lasts }) => {
    const [ours, theirs] = columns.map((first, at) => entryWords(first, lasts[at] as Named));
    return `${pagesFrom(from, endExclusive)}: CPU ${ours}; device ${theirs}`;
  });
}
