/**
 * M-I3: an access reaches the frame that the page has now, and only as the CPU's entry and its mapping allow.
 *
 * Between an invalidation's start and its callback the device may still use an entry, because the CPU's is
 * still as it was; afterwards neither is. So what an access uses and what the CPU's entry says agree at
 * each access, and it needs no idea of regions. What a mapping allows changes under the mmap lock, with which the
 * entries follow: while nobody holds it they agree, too.
 */
import { addressOfPage, type EventOf, shortAddress } from "@mmreplay/events";
import type { AddressSpace } from "../address-space/address-space.ts";
import { deviceAllows } from "../drivers/mirror/mirror.ts";
import { allows, frameOfCpu, kindOf } from "../memory/cpu-entry.ts";
import { isFreedFrame } from "../memory/frame.ts";
import { isMovedBy } from "../memory/held-pages.ts";
import { mmOfAccess } from "../memory/last-write.ts";
import { permits, vmaOf } from "../memory/vma.ts";
import { entryOf } from "../state/page-table.ts";
import type { State } from "../state/state.ts";
import { noMemory, type Rule } from "./rule.ts";

type Accessing = EventOf<"cpu_read" | "cpu_write" | "dmirror_do_read" | "dmirror_do_write">;

/** M-I3. */
export const M_I3: Rule<null> = {
  id: "M-I3",
  kind: "transition",
  simulatedOnly: true,
  severity: "safety",
  statement:
    "An access, by the CPU or a device, reaches no frame that is free or that the CPU's entry of the page no longer names, and none that the page's mapping does not allow; it writes only where that entry allows it.",
  source: "Documentation/mm/hmm.rst; eb66ae030829",
  on: ["cpu_read", "cpu_write", "dmirror_do_read", "dmirror_do_write"],
  observes: [["cpu_read"], ["cpu_write"], ["dmirror_do_read"], ["dmirror_do_write"]],
  start: noMemory,
  after(_, state, event, report) {
    if (!isAccess(event)) return;
    const mm = mmOfAccess(state, event);
    for (const [page, frame] of event.entries) {
      const wrong =
        wrongAccess(state, event, page, entryOf(mm.cpu, page), frame) ??
        forbidden(mm, page, writes(event));
      if (wrong === undefined) continue;
      const at = shortAddress(addressOfPage(page));
      report.violated({
        message: `${who(event)} page ${at} ${wrong}.`,
        address: addressOfPage(page),
      });
      return;
    }
    report.held(event.entries.length);
  },
};

const isAccess = (event: { type: string }): event is Accessing =>
  ["cpu_read", "cpu_write", "dmirror_do_read", "dmirror_do_write"].includes(event.type);

const byCpu = ({ type }: Accessing): boolean => type === "cpu_read" || type === "cpu_write";
const writes = ({ type }: Accessing): boolean =>
  type === "cpu_write" || type === "dmirror_do_write";

function who(event: Accessing): string {
  return `${byCpu(event) ? "The CPU" : "The device"} ${writes(event) ? "writes to" : "reads"}`;
}

/** What the mapping says, when nobody is about to change it. */
function forbidden({ vmas, mmapLock }: AddressSpace, page: number, write: boolean) {
  const vma = vmaOf(vmas, page);
  if (mmapLock !== null || permits(vma, write)) return undefined;
  return vma === undefined ? "that is not mapped" : `of a mapping that allows ${ALLOWED[vma.prot]}`;
}

const ALLOWED = { none: "nothing", read: "reading", read_write: "writing" } as const;

function wrongAccess(
  state: State,
  event: Accessing,
  page: number,
  cpu: number,
  frame: number,
): string | undefined {
  const reached = state.frames[frame];
  if (reached === undefined || isFreedFrame(frame, reached)) {
    return `through frame ${frame}, which is free`;
  }
  if ("mirror" in event && isMovedBy(state, event.mirror, page, cpu, frame)) return undefined;
  if (frameOfCpu(cpu) !== frame) {
    return `through frame ${frame}; its entry names ${cpu === 0 ? "none" : `frame ${frameOfCpu(cpu)}`}`;
  }
  const may = byCpu(event) ? allows(cpu, writes(event)) : deviceAllows(cpu, writes(event));
  return may ? undefined : `through frame ${frame}, and its entry is ${kindOf(cpu)}`;
}
