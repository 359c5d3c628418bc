/**
 * What a device finds when it touches pages again: an error, the page that it knew, another one.
 *
 * A frame is the page that the device knew, a copy of it (an allocation that copied it, at any distance), the
 * zero page, a new page, or another one that was there before (a merge). Where the device had mapped nothing, what the CPU's entry named is what it is
 * compared with.
 */
import { frameOf, frameOfCpu, mayWrite, ZERO_PAGE } from "@mmreplay/core";
import type { DmirrorCommand, EventOf } from "@mmreplay/events";
import type { Step, Tables } from "./sight.ts";

const EBUSY = -16;

/** What a device entry names, beside what it named before the operation. */
export type Found = "same page" | "copy" | "zero page" | "new page" | "another page" | "nothing";

/** One page of an access. */
export interface FoundPage {
  readonly page: number;
  readonly found: Found;
  readonly writable: boolean;
}

/** One command of the device. */
export interface Access {
  readonly command: DmirrorCommand;
  readonly rc: number;
  /** Device faults that it took; with none the device still mapped what it needed. */
  readonly faults: number;
  /** How often hmm_range_fault returned -EBUSY. */
  readonly busy: number;
  readonly pages: readonly FoundPage[];
}

type Return = EventOf<"dmirror_fops_unlocked_ioctl_return">;

/** The accesses of the steps after the operation. */
export function accessesOf(
  before: Tables,
  steps: readonly Step[],
  afterwards: readonly Step[],
): Access[] {
  const device = [...before.device];
  const copyOf = new Map<number, number | null>();
  const take = ({ event, device: changed }: Step): void => {
    if (event.type === "alloc_page") copyOf.set(event.frame, event.copyOf);
    if (event.type === "migrate_copy") {
      for (const [from, to] of event.frames ?? []) copyOf.set(to, from);
    }
    for (const { page, after } of changed) device[page] = after;
  };
  steps.forEach(take);
  const accesses: Access[] = [];
  let [from, busy] = [0, 0];
  for (const step of afterwards) {
    take(step);
    const { event } = step;
    if (event.type === "dmirror_fops_unlocked_ioctl") [from, busy] = [event.startPage, 0];
    if (event.type === "hmm_range_fault_return" && event.rc === EBUSY) busy += 1;
    if (event.type !== "dmirror_fops_unlocked_ioctl_return") continue;
    accesses.push(accessOf(event, busy, from, (page) => foundAt(page, before, device, copyOf)));
  }
  return accesses;
}

function accessOf(
  { command, rc, faults, cpages }: Return,
  busy: number,
  from: number,
  at: (page: number) => FoundPage,
): Access {
  const pages = Array.from({ length: cpages }, (_, index) => at(from + index));
  return { command, rc, faults, busy, pages };
}

function foundAt(
  page: number,
  before: Tables,
  device: readonly number[],
  copyOf: ReadonlyMap<number, number | null>,
): FoundPage {
  const [entry, old] = [device[page] ?? 0, before.device[page] ?? 0];
  const known = old === 0 ? frameOfCpu(before.cpu[page] ?? 0) : frameOf(old);
  return { page, found: relation(frameOf(entry), known, copyOf), writable: mayWrite(entry) };
}

function relation(frame: number, known: number, copyOf: ReadonlyMap<number, number | null>): Found {
  if (frame === 0) return "nothing";
  if (frame === known) return "same page";
  if (frame === ZERO_PAGE) return "zero page";
  let from: number | null | undefined = frame;
  while (from != null && from !== known) from = copyOf.get(from);
  if (from === known && known > ZERO_PAGE) return "copy";
  return copyOf.has(frame) ? "new page" : "another page";
}
