/**
 * M-I1: who reads a page finds what was written to it last, whoever wrote it.
 *
 * This is what the notifiers are for: two page tables, one memory. It looks at values only, so it needs
 * no idea of how the tables are kept equal. The number is the product's own, not protocol.md's.
 */
import {
  type Access,
  addressOfPage,
  type EventOf,
  type MmEvent,
  type MmId,
  shortAddress,
} from "@mmreplay/events";
import type { State } from "../state/state.ts";
import { type Rule, type Witness, witness } from "./rule.ts";

interface Written {
  readonly value: number;
  readonly seen: Witness;
}

interface Memory {
  /** The last write of each page; what is absent was never written and holds 0. */
  written: Record<MmId, Record<number, Written>>;
}

type Accessing = EventOf<"cpu_read" | "cpu_write" | "dmirror_do_read" | "dmirror_do_write">;

/** M-I1. */
export const M_I1: Rule<Memory> = {
  id: "M-I1",
  kind: "monitor",
  simulatedOnly: true,
  severity: "safety",
  statement: "A read of a page, by the CPU or a device, gives the value that was written last.",
  source: "Documentation/mm/hmm.rst",
  on: [
    "cpu_read",
    "cpu_write",
    "dmirror_do_read",
    "dmirror_do_write",
    "cpu_pte_change",
    "dup_mmap",
  ],
  observes: [
    ["cpu_read", "dmirror_do_write"],
    ["cpu_write", "dmirror_do_read"],
  ],
  start: () => ({ written: {} }),
  after(memory, state, event, report) {
    switch (event.type) {
      case "dup_mmap":
        memory.written[event.child] = { ...memory.written[event.mm] };
        break;
      case "cpu_pte_change":
        forget(memory, event);
        break;
      case "cpu_write":
      case "dmirror_do_write": {
        const pages = pagesOf(memory, state, event);
        const seen = witness(event, says(event));
        for (const [page, , value] of event.entries) pages[page] = { value, seen };
        break;
      }
      case "cpu_read":
      case "dmirror_do_read": {
        const pages = pagesOf(memory, state, event);
        const wrong = event.entries.find(([page, , value]) => value !== (pages[page]?.value ?? 0));
        if (wrong === undefined) report.held(event.entries.length);
        else report.violated(stale(event, wrong, pages[wrong[0]]));
        break;
      }
      default:
    }
  },
};

/** An anonymous page is gone with its entry; until then somebody may still write to it. */
function forget({ written }: Memory, { mm, entries }: EventOf<"cpu_pte_change">): void {
  const pages = written[mm] ?? {};
  for (const [page, entry] of entries) if (entry === 0) delete pages[page];
}

function pagesOf({ written }: Memory, state: State, event: Accessing): Record<number, Written> {
  const mm = "mm" in event ? event.mm : mmOfMirror(state, event.mirror);
  written[mm] ??= {};
  return written[mm];
}

function mmOfMirror(state: State, mirror: number): MmId {
  return state.notifiers.find((notifier) => notifier.mirror === mirror)?.mm ?? (0 as MmId);
}

const says = (event: MmEvent): string =>
  event.type === "cpu_write" ? "the CPU writes" : "the device writes";

function stale(event: Accessing, [page, frame, value]: Access, last: Written | undefined) {
  const who = event.type === "cpu_read" ? "The CPU" : "The device";
  return {
    message: `${who} reads ${value} of page ${shortAddress(addressOfPage(page))} through frame ${frame}, where ${last?.value ?? 0} was written last.`,
    address: addressOfPage(page),
    ...(last === undefined ? {} : { evidence: [last.seen] }),
  };
}
