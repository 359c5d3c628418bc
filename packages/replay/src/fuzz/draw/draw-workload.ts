/**
 * One workload, drawn: a size, a shape, perhaps faults, perhaps sequence numbers that wrap.
 *
 * Small moduli are larger than all the epochs of a run could count, so that no read section sees a whole turn:
 * a number that comes back means nothing in the kernel either, whose counter takes 2^63 epochs for it.
 */
import type { Operation, Scenario } from "@mmreplay/core";
import { mirrorId, notifierId, type Seq } from "@mmreplay/events";
import type { Workload } from "../workload.ts";
import { type Choices, chance, pick } from "./choices.ts";
import { drawFaults, withFaults } from "./faults.ts";
import { INTERVAL_SHAPES } from "./interval-shapes.ts";
import { MEMORY_SHAPES } from "./memory-shapes.ts";
import { MOVING_SHAPE } from "./moving-shape.ts";
import type { Shape } from "./shape.ts";
import { drawSize, SIZE_MAX, type Size } from "./size.ts";
import { insert, remove } from "./words.ts";

/** What is drawn. */
export interface DrawOptions {
  /** The largest sizes that are drawn, each up to `SIZE_MAX`; absent: those. */
  readonly limits?: Partial<Size>;
  /** `interval`: notifiers alone; `memory`: with mappings, frames and devices' memory; absent: both. */
  readonly kind?: "interval" | "memory";
  /** Faults are inserted into some workloads; absent: yes. */
  readonly faults?: boolean;
  /** Sequence numbers wrap in some workloads; absent: yes. */
  readonly wraps?: boolean;
}

const MEMORY: readonly Shape[] = [...MEMORY_SHAPES, MOVING_SHAPE];

/** Draws a workload. */
export function drawWorkload(choices: Choices, options: DrawOptions = {}): Workload {
  const { kind, faults = true, wraps = true } = options;
  const size = drawSize(choices, { ...SIZE_MAX, ...options.limits });
  const isMemory = kind === undefined ? chance(choices, 2, 5) : kind === "memory";
  const shape = pick(choices, isMemory ? MEMORY : INTERVAL_SHAPES);
  const plain = shape.build(choices, size);
  const scenario = faults && chance(choices, 1, 3) ? withFaults(plain, drawFaults(choices)) : plain;
  return wraps && chance(choices, 1, 5) ? wrapping(scenario, choices) : { scenario };
}

/** Whether the set-up brings the interval part in any case, so that one notifier more changes nothing. */
function beginsWithInterval({ programs: [setUp = []] }: Scenario): boolean {
  return setUp.some((op) => op.op === "insert" && op.inject === undefined);
}

/** A driver instance that no shape has. */
const ANOTHER = mirrorId(9);

/** So many pages of whatever an operation names may each be an epoch of its own. */
const EPOCHS_PER_OPERATION = 64;

/**
 * The workload with a sequence just before its last number: set after the insertion of a notifier of another
 * driver, which is then removed, so that nobody has a number from before.
 */
function wrapping(scenario: Scenario, choices: Choices): Workload {
  if (!beginsWithInterval(scenario)) return { scenario };
  const [setUp = [], ...others] = scenario.programs;
  const operations = scenario.programs.flat().length + 2;
  const seqModulus = 2 ** Math.ceil(Math.log2(4 * EPOCHS_PER_OPERATION * operations));
  const n = notifierId(scenario.notifiers);
  const seq = (seqModulus - 2 * (1 + choices.below(2))) as Seq;
  const before: Operation[] = [
    insert(n, [0, scenario.pages], { mirror: ANOTHER }),
    { op: "preset_seq", seq },
    remove(n),
  ];
  const programs = [[...before, ...setUp], ...others];
  return { scenario: { ...scenario, notifiers: scenario.notifiers + 1, programs }, seqModulus };
}
