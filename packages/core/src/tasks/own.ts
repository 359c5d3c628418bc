/**
 * What of a scenario's state belongs to one task, and which tasks are alike.
 *
 * A region belongs to the task that alone names it. Tasks are alike when their programs are the same
 * but for the names of such regions: to exchange them changes nothing that anybody could see.
 */
import { type RegionId, regionId, taskId } from "@mmreplay/events";
import type { Part, PartCounts } from "../state/parts.ts";
import { EXIT_REGIONS } from "./exit-program.ts";
import { nestedRegion } from "./memory/huge-pages.ts";
import { MM_OPERATIONS } from "./memory/mm-operation.ts";
import type { MmOperationName } from "./memory/operation.ts";
import { memoryRegion } from "./memory/page-fault.ts";
import type { Operation, Scenario } from "./operation.ts";

/** The regions that a task's program names or opens, in the order of first mention. */
export function regionsNamed({ memory, pmdOrder, programs }: Scenario, task: number): RegionId[] {
  const named = (programs[task] ?? []).flatMap((op): readonly RegionId[] => {
    if ("sid" in op) return [op.sid];
    return op.op === "mm_exit" ? EXIT_REGIONS : [];
  });
  if (memory === true) named.push(memoryRegion(taskId(task)));
  if (pmdOrder !== undefined) named.push(nestedRegion(taskId(task)));
  return [...new Set(named)];
}

/** All regions of a scenario, ascending. */
export function regionsOfScenario(scenario: Scenario): RegionId[] {
  const named = scenario.programs.flatMap((_, task) => regionsNamed(scenario, task));
  return [...new Set(named)].sort((a, b) => a - b);
}

/** How many objects of each kind a scenario's states can come to hold. */
export function countsOf(scenario: Scenario): PartCounts {
  const mirrors = scenario.programs.flat().map((op) => (op.op === "insert" ? (op.mirror ?? 0) : 0));
  return {
    notifiers: scenario.notifiers,
    plains: scenario.plainNotifiers,
    mirrors: Math.max(0, ...mirrors) + 1,
    tasks: scenario.programs.length,
    regions: regionsOfScenario(scenario),
    frames: scenario.memory === true,
  };
}

/** Whether an operation opens a region that may not block, so that its callbacks may refuse. */
export function mayNotBlock(op: Operation): boolean {
  if (op.op === "inv_start") return !op.blockable;
  return op.op in MM_OPERATIONS && !MM_OPERATIONS[op.op as MmOperationName].blockable;
}

/** The task that a part belongs to alone, or undefined. */
export function taskOwning(scenario: Scenario, { owner, id }: Part): number | undefined {
  if (owner === "task") return id;
  if (owner !== "region") return undefined;
  const naming = scenario.programs.flatMap((_, task) =>
    regionsNamed(scenario, task).includes(regionId(id)) ? [task] : [],
  );
  return naming.length === 1 ? naming[0] : undefined;
}

/** For each task the first one that is like it. */
export function likeTasks(scenario: Scenario): number[] {
  const shapes = scenario.programs.map((program, task) => {
    const names = regionsNamed(scenario, task);
    const own = names.every((id) => {
      return taskOwning(scenario, { owner: "region", id, fields: [] }) !== undefined;
    });
    return own
      ? JSON.stringify(
          program.map((op) => ("sid" in op ? { ...op, sid: names.indexOf(op.sid) } : op)),
        )
      : undefined;
  });
  return shapes.map((shape, task) => (shape === undefined ? task : shapes.indexOf(shape)));
}
