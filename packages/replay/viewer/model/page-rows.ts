/**
 * The rows of a page table panel: what the CPU and a device have, page by page, with what is wrong about it.
 */
import {
  type AddressSpace,
  agrees,
  entryOf,
  type Mirror,
  mayWrite,
  someEntry,
} from "@mmreplay/core";
import { pageOf } from "@mmreplay/events";

const PAGES_END = 2 ** 52;

/** What is said of a page that a device may have. */
export type PageStatus = "same" | "stale" | "open" | "cpu only" | "unknown";

/** One row: a page, or several that follow each other and look alike. */
export interface PageRow {
  readonly first: number;
  count: number;
  readonly cpu: number;
  readonly device: number;
  readonly status: PageStatus;
  changed: boolean;
}

/** What is known of the pages besides their entries. */
export interface PagesKnown {
  /** The CPU's entries are not known. */
  readonly recorded: boolean;
  /** Pages of this device that a violation made stale. */
  readonly stale: ReadonlySet<number>;
  isChanged(page: number): boolean;
}

/** The rows of an mm and one of its devices, by address. */
export function rowsOf(mm: AddressSpace, mirror: Mirror, known: PagesKnown): PageRow[] {
  const pages = new Set<number>();
  const add = (page: number): boolean => {
    pages.add(page);
    return false;
  };
  someEntry(mirror.device, 0, PAGES_END, add);
  someEntry(mm.cpu, 0, PAGES_END, add);
  const open = Object.values(mm.regions).map(
    ({ start, last }) => [pageOf(start), pageOf(last)] as const,
  );
  const rows: PageRow[] = [];
  for (const page of [...pages].sort((a, b) => a - b)) {
    const cpu = entryOf(mm.cpu, page);
    const device = entryOf(mirror.device, page);
    const invalidated = open.some(([first, last]) => first <= page && page <= last);
    const usual = known.recorded ? "unknown" : statusOf(cpu, device, invalidated);
    const stale = known.stale.has(page) && device !== 0 && usual !== "same";
    const status = stale ? "stale" : usual;
    const changed = known.isChanged(page);
    const row = rows.at(-1);
    const alike =
      row !== undefined &&
      row.first + row.count === page &&
      row.status === status &&
      row.changed === changed &&
      (known.recorded
        ? mayWrite(row.device) === mayWrite(device) && row.device !== 0
        : row.cpu === cpu && row.device === device);
    if (alike) row.count += 1;
    else rows.push({ first: page, count: 1, cpu, device, status, changed });
  }
  return rows;
}

/** What is said of a page where both entries are known. */
export function statusOf(cpu: number, device: number, invalidated: boolean): PageStatus {
  if (device === 0) return "cpu only";
  if (invalidated) return "open";
  return agrees(device, cpu) ? "same" : "stale";
}
