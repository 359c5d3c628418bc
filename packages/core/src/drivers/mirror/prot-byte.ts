/**
 * What the test driver's SNAPSHOT says of a page: one byte (protocol.md 6.4, HMM_DMIRROR_PROT_*).
 *
 * Location bits, a permission, and whether a huge entry maps the page. Kernel counterpart:
 * dmirror_mkentry (lib/test_hmm.c).
 */
import { allows, frameOfCpu, isHuge, kindOf } from "../../memory/cpu-entry.ts";
import { ZERO_PAGE } from "../../memory/frame.ts";
import type { State } from "../../state/state.ts";
import { deviceAllows } from "./mirror.ts";

/** The bytes' values and bits. */
export const PROT = {
  ERROR: 0xff,
  NONE: 0,
  READ: 1,
  WRITE: 2,
  PMD: 4,
  ZERO: 0x10,
  DEV_PRIVATE_LOCAL: 0x20,
  DEV_COHERENT_LOCAL: 0x40,
  DEV_COHERENT_REMOTE: 0x50,
} as const;

/** The byte of what hmm_range_fault reported, for a device. */
export function protByte(state: Pick<State, "frames">, device: number, reported: number): number {
  if (kindOf(reported) === "error") return PROT.ERROR;
  if (!deviceAllows(reported, false)) return PROT.NONE;
  const permission = deviceAllows(reported, true) ? PROT.WRITE : PROT.READ;
  return location(state, device, reported) | permission | (isHuge(reported) ? PROT.PMD : 0);
}

function location(state: Pick<State, "frames">, device: number, reported: number): number {
  const frame = frameOfCpu(reported);
  if (frame === ZERO_PAGE) return PROT.ZERO;
  const owner = state.frames[frame]?.device ?? null;
  if (owner === null) return 0;
  if (!allows(reported, false)) return PROT.DEV_PRIVATE_LOCAL;
  return owner === device ? PROT.DEV_COHERENT_LOCAL : PROT.DEV_COHERENT_REMOTE;
}
