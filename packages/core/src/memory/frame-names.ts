/**
 * Who names a frame, whether or not it is free: entries, devices, TLBs, and tasks in the middle of something.
 *
 * What is stale is seen by its number, so a frame that somebody names is never had again. One that nobody names
 * cannot be told from a new one.
 */
import { frameOf } from "../drivers/mirror/mirror.ts";
import { someEntry } from "../state/page-table.ts";
import type { State } from "../state/state.ts";
import type { Task } from "../tasks/task.ts";
import { frameOfCpu } from "./cpu-entry.ts";

/** Whether an entry, a device, a TLB or a task names a frame. */
export function isNamed({ mms, mirrors, tasks }: State, frame: number): boolean {
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
