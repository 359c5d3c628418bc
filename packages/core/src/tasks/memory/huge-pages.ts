/**
 * Huge pages: how many pages a PMD maps, and how a huge entry is split into entries of its pages.
 *
 * A split is an invalidation of its own, CLEAR over the whole PMD, often nested inside another one
 * (protocol.md 5.3, __split_huge_pmd). A scenario says how large a PMD is if it has huge pages at all, so
 * that a search can do with small ones.
 */
import {
  addressOfPage,
  type PageEntry,
  type RegionId,
  regionId,
  type TaskId,
} from "@mmreplay/events";
import { openRegion, regionOf } from "../../address-space/region.ts";
import { isHuge, splitOff } from "../../memory/cpu-entry.ts";
import { vmaOf } from "../../memory/vma.ts";
import { someEntry } from "../../state/page-table.ts";
import { endRegion } from "../end-program.ts";
import { type At, call, type Labels, local, type Move, move } from "../machine.ts";
import type { Scenario } from "../operation.ts";
import { startRegion } from "../start-program.ts";

/** 512 pages of 4 KiB, where a scenario does not say otherwise. */
const PMD_ORDER = 9;

/** Regions inside other ones have ids above those of memory operations. */
const NESTED_REGION = 1_001_100;

/** The order of a huge page. */
export function pmdOrder({ pmdOrder: order = PMD_ORDER }: Pick<Scenario, "pmdOrder">): number {
  return order;
}

/** Pages of a PMD. */
export function pmdPages(scenario: Pick<Scenario, "pmdOrder">): number {
  return 2 ** pmdOrder(scenario);
}

/** The first page of the PMD that maps a page. */
export function pmdStart(scenario: Pick<Scenario, "pmdOrder">, page: number): number {
  return page - (page % pmdPages(scenario));
}

/** The region that a task opens inside that of its operation. */
export function nestedRegion(task: TaskId): RegionId {
  return regionId(NESTED_REGION + task);
}

/** Whether one mapping covers the whole PMD of a page. */
export function coversPmd(at: At, page: number): boolean {
  const start = pmdStart(at.scenario, page);
  const vma = vmaOf(at.mm.vmas, page);
  const end = start + pmdPages(at.scenario);
  return vma !== undefined && vma.startPage <= start && end <= vma.endPageExclusive;
}

/** Whether nothing is mapped in the PMD of a page. */
export function isPmdNone(at: At, page: number): boolean {
  const start = pmdStart(at.scenario, page);
  return !someEntry(at.mm.cpu, start, start + pmdPages(at.scenario), () => true);
}

/** The PMD of a page is split; the caller goes on at `back`. */
export function splitHugePmd(at: At, page: number, back: string): Move {
  const pmd = pmdStart(at.scenario, page);
  return call(move(at, "split_start", { type: "split_huge_pmd", mm: at.mmId, page: pmd }), back, {
    pmd,
  });
}

/** A region inside that of the operation, over one PMD. */
export function startNested(at: At, event: "CLEAR" | "UNMAP", pmd: number, then: string): Move {
  const [start, end] = [addressOfPage(pmd), addressOfPage(pmd + pmdPages(at.scenario))];
  const region = { start, end, event, blockable: true, owner: null } as const;
  return call(startRegion(at, { region: nestedRegion(at.task), ...region }), then);
}

/** The nested region ends. */
export function endNested(at: At, then: string): Move {
  return call(endRegion(at, regionOf(at.mm, nestedRegion(at.task)), false), then);
}

function splitEntries(at: At): Move {
  const pmd = local(at, "pmd");
  const region = openRegion(at.mm, nestedRegion(at.task))?.id ?? null;
  const entries: PageEntry[] = [];
  someEntry(at.mm.cpu, pmd, pmd + pmdPages(at.scenario), (page, entry) => {
    if (isHuge(entry)) entries.push([page, splitOff(entry)]);
    return false;
  });
  return move(at, "split_end", { type: "cpu_pte_change", mm: at.mmId, region, entries });
}

/** Labels of a split, which `splitHugePmd` enters. */
export const SPLIT_LABELS: Labels = {
  split_start: { run: (at) => startNested(at, "CLEAR", local(at, "pmd"), "split_entries") },
  split_entries: { run: splitEntries },
  split_end: { run: (at) => endNested(at, "next") },
};
