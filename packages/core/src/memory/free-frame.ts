/**
 * Frames that may be had again: free, and named by nobody.
 *
 * Mostly a frame's number is never used again, so that whoever still names it is seen to be stale. A program that
 * moves a page for ever has then no state twice, and no search sees that it goes round. A scenario may therefore let
 * migrations take the lowest frame that no entry, no device, no TLB and no task names; nobody can tell it from a
 * new one.
 */
import { frameOf } from "../drivers/mirror/mirror.ts";
import { someEntry } from "../state/page-table.ts";
import type { State } from "../state/state.ts";
import type { Task } from "../tasks/task.ts";
import { frameOfCpu } from "./cpu-entry.ts";
import { isFreedFrame, nextFrame, ZERO_PAGE } from "./frame.ts";

/** The lowest frame that is free and that nobody names, or else a new one. */
export function reusableFrame(state: State): number {
  const found = state.frames.findIndex((frame, number) => {
    return number > ZERO_PAGE && isFreedFrame(number, frame) && !isNamed(state, number);
  });
  return found < 0 ? nextFrame(state) : found;
}

function isNamed({ mms, mirrors, tasks }: State, frame: number): boolean {
  const cpu = (_: number, entry: number): boolean => frameOfCpu(entry) === frame;
  const device = (_: number, entry: number): boolean => frameOf(entry) === frame;
  const all = Number.MAX_SAFE_INTEGER;
  return (
    mms.some((mm) => [mm.cpu, mm.tlb].some((table) => someEntry(table, 0, all, cpu))) ||
    mirrors.some((mirror) => someEntry(mirror.device, 0, all, device)) ||
    tasks.some((task) => isNamedBy(task, frame))
  );
}

function isNamedBy({ calls, section, held, granted }: Task, frame: number): boolean {
  const pages = [...(held?.pages ?? []), ...(granted?.pages ?? [])];
  return (
    pages.some(({ from, to }) => from === frame || to === frame) ||
    section?.entries.some(([, entry]) => frameOfCpu(entry) === frame) === true ||
    calls.some(({ args }) => {
      return (
        args["frame"] === frame ||
        args["fault"] === frame ||
        frameOfCpu(args["entry"] ?? 0) === frame
      );
    })
  );
}
