/**
 * Workloads in numbers.
 */
import type { Operation, Scenario } from "@mmreplay/core";

/** All operations, the set-up's first. */
export const operationsOf = ({ programs }: Scenario): Operation[] => programs.flat();

/** Tasks beside the set-up. */
export const tasksOf = ({ programs }: Scenario): number => programs.length - 1;
