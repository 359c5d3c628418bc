/**
 * M-I6: private memory of a device is not the CPU's, and no page stays in a device's memory for long by a pin.
 *
 * The CPU has entries for device-private memory that name it and allow nothing. A fault on one asks the driver
 * to bring the page back; both must still be there when it is asked (K-I34). Coherent memory is mapped like
 * any other, and no fault asks for it.
 */
import { addressOfPage, type EventOf, type MmEvent, shortAddress } from "@mmreplay/events";
import { allows, frameOfCpu } from "../memory/cpu-entry.ts";
import { isCoherent, isFreedFrame, isPrivate } from "../memory/frame.ts";
import type { State } from "../state/state.ts";
import { noMemory, type Rule, type Verdict } from "./rule.ts";

const where = (page: number): string => shortAddress(addressOfPage(page));

/** M-I6. */
export const M_I6: Rule<null> = {
  id: "M-I6",
  kind: "transition",
  simulatedOnly: true,
  severity: "safety",
  statement:
    "The CPU neither maps nor uses a frame of device-private memory, and a page fault on one asks a driver that is not freed, for a frame that is not free; no long-term pin is given on a frame of device memory.",
  source:
    "K-I34, mm/memory.c: do_swap_page; 16ce101db85d; mm/gup.c: check_and_migrate_movable_pages",
  on: [
    "cpu_read",
    "cpu_write",
    "handle_mm_fault",
    "cpu_pte_change",
    "migrate_to_ram",
    "get_user_pages_return",
  ],
  observes: [["alloc_page", "cpu_read"]],
  start: noMemory,
  after(_, state, event, report) {
    if (state.frames.length === 0) return;
    const wrong = wrongIn(state, event);
    if (wrong === undefined) report.held();
    else report.violated(wrong);
  },
};

function wrongIn(state: State, event: MmEvent): Verdict | undefined {
  switch (event.type) {
    case "migrate_to_ram":
      return asked(state, event);
    case "get_user_pages_return":
      return pinned(state, event);
    case "cpu_read":
    case "cpu_write": {
      const used = event.entries.find(([, frame]) => isOfDevice(state, frame));
      return used && ofDevice(used[0], `uses page ${where(used[0])} through frame ${used[1]}`);
    }
    case "handle_mm_fault":
    case "cpu_pte_change": {
      const mapped = event.entries.find(([, entry]) => {
        return allows(entry, false) && isOfDevice(state, frameOfCpu(entry));
      });
      return mapped && ofDevice(mapped[0], `maps ${where(mapped[0])} to it`);
    }
    default:
      return undefined;
  }
}

const isOfDevice = ({ frames }: State, frame: number): boolean => isPrivate(frames[frame]);

const ofDevice = (page: number, what: string): Verdict => ({
  message: `The frame is a device's, and the CPU ${what}.`,
  address: addressOfPage(page),
});

function pinned(
  { frames }: State,
  { frame, longterm, page }: EventOf<"get_user_pages_return">,
): Verdict | undefined {
  if (!longterm || (frames[frame]?.device ?? null) === null) return undefined;
  const message = `Page ${where(page)} is pinned for long in frame ${frame}, which is a device's.`;
  return { message, address: addressOfPage(page) };
}

function asked(
  { frames, mirrors }: State,
  { frame, mirror, page }: EventOf<"migrate_to_ram">,
): Verdict | undefined {
  const address = addressOfPage(page);
  const found = frames[frame];
  if (found === undefined || isFreedFrame(frame, found)) {
    return { message: `migrate_to_ram is called for frame ${frame}, which is free.`, address };
  }
  if (isCoherent(found)) {
    return { message: `migrate_to_ram is called for frame ${frame}, which is coherent.`, address };
  }
  if (mirrors[mirror]?.freed !== true) return undefined;
  const message = `migrate_to_ram uses the driver instance ${mirror}, which has been freed.`;
  return { message, address };
}
