/**
 * How large a workload is.
 *
 * Most bugs of a protocol need two or three tasks and a page or two, and small programs are run through
 * quickly; some need many of everything, or stand at a limit. So most workloads are small, some are of a
 * middling size, and a few are as large as the limits let them be.
 */
import { between, type Choices } from "./choices.ts";

/** The size of a workload: each number is the most that its programs use. */
export interface Size {
  /** Tasks beside the set-up. */
  readonly tasks: number;
  readonly pages: number;
  /** Interval notifiers. */
  readonly notifiers: number;
  /** What a task does one after the other: a fault, an invalidation, an insertion with its removal. */
  readonly operations: number;
}

/** The limits of what is drawn where none are given. */
export const SIZE_MAX: Size = { tasks: 8, pages: 64, notifiers: 16, operations: 4 };

const SMALL: Size = { tasks: 3, pages: 4, notifiers: 2, operations: 2 };
const MIDDLING: Size = { tasks: 5, pages: 16, notifiers: 6, operations: 3 };

/** Sizes by their shares: of eight workloads five are small, two middling, one is near the limits. */
const SHARES = [SMALL, SMALL, SMALL, SMALL, SMALL, MIDDLING, MIDDLING, SIZE_MAX];

/** Draws a size within these limits. */
export function drawSize(choices: Choices, limits: Size = SIZE_MAX): Size {
  const at = choices.below(SHARES.length);
  const most = within(SHARES[at] as Size, limits);
  const isLarge = at === SHARES.length - 1;
  const draw = (max: number): number =>
    between(choices, isLarge ? Math.ceil((3 * max) / 4) : 1, max);
  return {
    tasks: draw(most.tasks),
    pages: draw(most.pages),
    notifiers: draw(most.notifiers),
    operations: draw(most.operations),
  };
}

function within(size: Size, limits: Size): Size {
  return {
    tasks: Math.min(size.tasks, limits.tasks),
    pages: Math.min(size.pages, limits.pages),
    notifiers: Math.min(size.notifiers, limits.notifiers),
    operations: Math.min(size.operations, limits.operations),
  };
}
