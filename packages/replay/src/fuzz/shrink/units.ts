/**
 * Which operations of a program go together: one is taken out with the others or not at all.
 *
 * A region is its start, its change and its end; what is done inside stays. What is unmapped to make room for
 * a mapping goes with that: over what is there nothing is mapped.
 */
import type { Line } from "./draft.ts";

/** Lines that go together. */
export type Unit = readonly Line[];

/** The units of a program, in the order of their first lines; what begins a child's program is in none. */
export function unitsOf(program: readonly Line[]): Unit[] {
  const units: Line[][] = [];
  const open = new Map<number, Line[]>();
  for (const [at, line] of program.entries()) {
    const { op } = line;
    if (op.op === "child") continue;
    const region = "sid" in op ? open.get(op.sid) : undefined;
    if (region !== undefined && op.op !== "inv_start") {
      region.push(line);
      continue;
    }
    if (makesRoom(program[at - 1], line)) {
      units.at(-1)?.push(line);
      continue;
    }
    const unit = [line];
    units.push(unit);
    if (op.op === "inv_start") open.set(op.sid, unit);
  }
  return units;
}

/** Whether the line before makes room for this one. */
function makesRoom(before: Line | undefined, { op }: Line): boolean {
  if (before?.op.op !== "munmap") return false;
  if (op.op === "mmap") return op.page === before.op.page;
  return op.op === "mremap" && op.to === before.op.page;
}
