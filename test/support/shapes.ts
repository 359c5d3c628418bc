/**
 * Random scenarios for tests, by shape: those that the product draws its workloads from, at one size, and one
 * whose driver is wrong on purpose.
 */
import { CORRECT_DRIVER, type Operation, type Scenario } from "@mmreplay/core";
import type { Choices } from "../../packages/replay/src/fuzz/draw/choices.ts";
import {
  churn,
  faults,
  insertShared,
  intervalWorld,
  regions,
} from "../../packages/replay/src/fuzz/draw/interval-world.ts";
import { SHAPES as DRAWN } from "../../packages/replay/src/fuzz/draw/shapes.ts";
import type { Size } from "../../packages/replay/src/fuzz/draw/size.ts";
import { exit, N, remove } from "./operations.ts";

/** A family of random scenarios. */
export interface Shape {
  readonly name: string;
  /** Rules that its driver breaks on purpose. */
  readonly mayBreak?: readonly string[];
  readonly build: (choices: Choices) => Scenario;
}

/** The size of the tests' scenarios. */
export const TEST_SIZE: Size = { tasks: 5, pages: 12, notifiers: 4, operations: 3 };

/** A grant that the device asked for itself takes nothing from it, and its callback says nothing. */
const MAY_BREAK: Readonly<Record<string, readonly string[]>> = {
  "two devices that move pages and take them, the CPU, and changing mappings": ["K-I13"],
};

/** The driver of the vectors faults without a user of the mm, which K-I31 forbids. */
const exitRace: Shape = {
  name: "an exit in a race with faults",
  mayBreak: ["K-I31"],
  build: (choices) => {
    const world = intervalWorld(choices, TEST_SIZE);
    const programs: Operation[][] = [
      insertShared(world),
      [...faults(world), remove(N)],
      [...regions(world), exit],
      churn(world),
    ];
    return {
      pages: TEST_SIZE.pages,
      cpu: Array.from({ length: TEST_SIZE.pages }, (_, page) => page + 1),
      notifiers: TEST_SIZE.notifiers,
      plainNotifiers: 0,
      driver: CORRECT_DRIVER,
      programs,
    };
  },
};

/** Every shape. */
export const SHAPES: readonly Shape[] = [
  ...DRAWN.map(({ name, build }): Shape => {
    const mayBreak = MAY_BREAK[name] ?? [];
    return { name, mayBreak, build: (choices) => build(choices, TEST_SIZE) };
  }),
  exitRace,
];
