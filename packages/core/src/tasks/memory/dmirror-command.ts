/**
 * What all commands of the HMM test driver share: their driver instance, their pages, their return.
 *
 * Kernel counterpart: dmirror_fops_unlocked_ioctl (lib/test_hmm.c).
 */
import type { MirrorId } from "@mmreplay/events";
import {
  type At,
  blockedIf,
  isLocked,
  local,
  type MicroStep,
  type Move,
  mirrorOfNotifier,
  move,
} from "../machine.ts";
import type { Operation } from "../operation.ts";

/** A task that stands at a command. */
export type DmirrorAt = At<Extract<Operation, { op: "dmirror" }>>;

/** EINVAL. */
export const EINVAL = -22;

/** Pages that a command does at a time. */
export const WINDOW_PAGES = 64;

/** The driver instance of the command. */
export const mirror = (at: DmirrorAt): MirrorId => mirrorOfNotifier(at, at.op.n);

/** Where its pages end. */
export const endPage = ({ op }: DmirrorAt): number => op.page + op.np;

/** The driver's lock is released. */
export const unlock = (at: DmirrorAt, then: string): Move =>
  move(at, then, { type: "driver_unlock", mirror: mirror(at) });

/** The command returns. */
export function giveBack(at: DmirrorAt, rc: number): Move {
  const { op } = at;
  return move(at, "next", {
    type: "dmirror_fops_unlocked_ioctl_return",
    mirror: mirror(at),
    command: op.command,
    rc,
    cpages: local(at, "page") - op.page,
    faults: local(at, "faults"),
  });
}

type Run = (at: DmirrorAt) => Move;

/** A label of a command. */
export const runs = (run: Run): MicroStep => ({ run: (at: At) => run(at as DmirrorAt) });

/** A label that takes the driver's lock. */
export const locks = (run: Run): MicroStep => ({
  blockedOn: (at: At) => blockedIf(isLocked(at, (at as DmirrorAt).op.n), "driver_lock"),
  run: (at: At) => run(at as DmirrorAt),
});
