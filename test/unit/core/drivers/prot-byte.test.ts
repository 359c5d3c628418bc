/**
 * The byte that SNAPSHOT reports of a page (protocol.md 6.4): where it is, what it allows, how it is mapped.
 */
import type { State } from "@mmreplay/core";
import { describe, expect, it } from "vitest";
import { PROT, protByte } from "../../../../packages/core/src/drivers/mirror/prot-byte.ts";
import { cpuEntry, type EntryKind } from "../../../../packages/core/src/memory/cpu-entry.ts";
import { ZERO_PAGE } from "../../../../packages/core/src/memory/frame.ts";

const frame = (device: number | null) => ({
  ...{
    content: 0,
    maps: 1,
    pins: 0,
    isNew: false,
    order: 0,
    device,
    mirror: null,
    locked: false,
    lazyFree: false,
  },
});
/** Frame 2 is the system's, 3 device 0's, 4 device 1's. */
const STATE: Pick<State, "frames"> = {
  frames: [frame(null), frame(null), frame(null), frame(0), frame(1)],
};
const { ERROR, NONE, READ, WRITE, PMD, ZERO } = PROT;

const BYTES: readonly (readonly [EntryKind, number, number])[] = [
  ["error", 0, ERROR],
  ["writable", 2, WRITE],
  ["read_only", 2, READ],
  ["huge_writable", 2, WRITE | PMD],
  ["huge_read_only", 2, READ | PMD],
  ["read_only", ZERO_PAGE, ZERO | READ],
  ["huge_read_only", ZERO_PAGE, ZERO | READ | PMD],
  ["protnone", 2, NONE],
  ["huge_protnone", 2, NONE],
  ["protnone_writable", 2, NONE],
  ["huge_protnone_writable", 2, NONE],
  ["device_writable", 3, PROT.DEV_PRIVATE_LOCAL | WRITE],
  ["device_read_only", 3, PROT.DEV_PRIVATE_LOCAL | READ],
  ["writable", 3, PROT.DEV_COHERENT_LOCAL | WRITE],
  ["writable", 4, PROT.DEV_COHERENT_REMOTE | WRITE],
];

describe("the byte that device 0 reports", () => {
  it.each(BYTES)("of a page that is %s in frame %i is %i", (kind, number, byte) => {
    expect(protByte(STATE, 0, cpuEntry(kind, number))).toBe(byte);
  });

  it("of a page that is not there is 0", () => {
    expect(protByte(STATE, 0, 0)).toBe(NONE);
  });

  it("has the values of HMM_DMIRROR_PROT_*", () => {
    expect(PROT).toEqual({
      ERROR: 0xff,
      NONE: 0,
      READ: 1,
      WRITE: 2,
      PMD: 4,
      ZERO: 0x10,
      DEV_PRIVATE_LOCAL: 0x20,
      DEV_COHERENT_LOCAL: 0x40,
      DEV_COHERENT_REMOTE: 0x50,
    });
  });
});
