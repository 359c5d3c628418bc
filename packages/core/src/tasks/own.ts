/**
 * What of a scenario's state belongs to one task, and which tasks are alike.
 *
 * A region is one of its task's address space, and belongs to the task that alone names it there. Tasks of
 * one process are alike when their programs are the same but for the names of such regions: to exchange
 * them changes nothing that anybody could see. Tasks of two processes never are.
 */
import { type MmId, mmId, type RegionId, regionId, taskId } from "@mmreplay/events";
import { type Part, type PartCounts, type RegionName, regionPart } from "../state/parts.ts";
import { EXIT_REGIONS } from "./exit-program.ts";
import { mmOfTask } from "./machine.ts";
import { nestedRegion } from "./memory/huge-pages.ts";
import { MM_OPERATIONS } from "./memory/mm-operation.ts";
import type { MmOperationName } from "./memory/operation.ts";
import { memoryRegion } from "./memory/page-fault.ts";
import { movesPages, type Operation, type Scenario } from "./operation.ts";

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

/** All regions of a scenario, ascending, in one address space after the other. */
function regionsOfScenario(scenario: Scenario): RegionName[] {
  const named = scenario.programs.flatMap((_, task) => {
    return regionsNamed(scenario, task).flatMap((id): RegionName[] => {
      return mmsOfRegion(scenario, task, id).map((mm) => ({ mm, id }));
    });
  });
  const byName = new Map(named.map((region) => [`${region.mm} ${region.id}`, region]));
  return [...byName.values()].sort((a, b) => a.mm - b.mm || a.id - b.id);
}

/** Where a task can open a region: its own address space, or all where pages are moved. */
function mmsOfRegion(scenario: Scenario, task: number, id: RegionId): MmId[] {
  const own = mmOfTask(scenario, task);
  if (!movesPages(scenario) || id !== memoryRegion(taskId(task))) return [own];
  return Array.from({ length: mmsOfScenario(scenario) }, (_, mm) => mmId(mm));
}

/** How many address spaces a scenario names: those of its tasks and those that are forked. */
function mmsOfScenario({ processes = [], programs }: Scenario): number {
  const forked = programs.flat().flatMap((op) => (op.op === "fork" ? [op.child] : []));
  return Math.max(0, ...processes, ...forked) + 1;
}

/** How many objects of each kind a scenario's states can come to hold. */
export function countsOf(scenario: Scenario): PartCounts {
  const mirrors = scenario.programs.flat().map((op) => {
    return op.op === "insert" || op.op === "hold" ? (op.mirror ?? 0) : 0;
  });
  return {
    mms: mmsOfScenario(scenario),
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
export function taskOwning(scenario: Scenario, { owner, id, mm }: Part): number | undefined {
  if (owner === "task") return id;
  if (owner !== "region") return undefined;
  let found: number | undefined;
  for (const task of scenario.programs.keys()) {
    if (!namesRegion(scenario, task, id)) continue;
    if (!mmsOfRegion(scenario, task, regionId(id)).some((one) => one === mm)) continue;
    if (found !== undefined) return undefined;
    found = task;
  }
  return found;
}

/** Whether a task's program names or opens a region: asked of every region that is stored, so without lists. */
function namesRegion({ memory, pmdOrder, programs }: Scenario, task: number, id: number): boolean {
  for (const op of programs[task] ?? []) {
    if ("sid" in op ? op.sid === id : op.op === "mm_exit" && EXIT_REGIONS.some((x) => x === id)) {
      return true;
    }
  }
  if (memory === true && memoryRegion(taskId(task)) === id) return true;
  return pmdOrder !== undefined && nestedRegion(taskId(task)) === id;
}

/** For each task the first one that is like it. */
export function likeTasks(scenario: Scenario): number[] {
  const shapes = scenario.programs.map((program, task) => {
    const names = regionsNamed(scenario, task);
    const mm = mmOfTask(scenario, task);
    const own = names.every((id) => taskOwning(scenario, regionPart({ mm, id })) !== undefined);
    if (!own) return undefined;
    const ops = program.map((op) => ("sid" in op ? { ...op, sid: names.indexOf(op.sid) } : op));
    return JSON.stringify([mm, ops]);
  });
  return shapes.map((shape, task) => (shape === undefined ? task : shapes.indexOf(shape)));
}
