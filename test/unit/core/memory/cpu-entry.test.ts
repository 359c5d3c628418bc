/**
 * What an entry says, and what it becomes.
 */
import { describe, expect, it } from "vitest";
import {
  allows,
  cpuEntry,
  type EntryKind,
  frameOfCpu,
  isDevicePrivate,
  isHuge,
  isMigrating,
  isPresent,
  kindOf,
  readableAgain,
  splitOff,
  withoutAccess,
  writeProtected,
} from "../../../../packages/core/src/memory/cpu-entry.ts";

/** Kind, what the CPU may do: `r`, `w`; whether it is present `p`, huge `h`, migrating `m`, a device's `d`. */
const KINDS: readonly (readonly [EntryKind, string])[] = [
  ["writable", "rwp"],
  ["read_only", "rp"],
  ["protnone", "p"],
  ["swap", ""],
  ["migration", "m"],
  ["migration_writable", "m"],
  ["huge_writable", "rwph"],
  ["huge_read_only", "rph"],
  ["huge_protnone", "ph"],
  ["huge_migration", "hm"],
  ["device_writable", "d"],
  ["device_read_only", "d"],
  ["exclusive", ""],
  ["hwpoison", ""],
  ["special", ""],
  ["error", ""],
  ["protnone_writable", "p"],
  ["huge_protnone_writable", "ph"],
  ["huge_migration_writable", "hm"],
];

/** Before, write-protected, without any right, with the right to read again, split. */
const CHANGES: readonly (readonly [EntryKind, EntryKind, EntryKind, EntryKind, EntryKind])[] = [
  ["writable", "read_only", "protnone", "writable", "writable"],
  ["read_only", "read_only", "protnone", "read_only", "read_only"],
  ["protnone", "protnone", "protnone", "read_only", "protnone"],
  ["swap", "swap", "swap", "swap", "swap"],
  ["migration", "migration", "migration", "migration", "migration"],
  ["migration_writable", "migration", "migration", "migration_writable", "migration_writable"],
  ["huge_writable", "huge_read_only", "huge_protnone", "huge_writable", "writable"],
  ["huge_read_only", "huge_read_only", "huge_protnone", "huge_read_only", "read_only"],
  ["huge_protnone", "huge_protnone", "huge_protnone", "huge_read_only", "protnone"],
  ["protnone_writable", "protnone", "protnone", "read_only", "protnone_writable"],
  [
    "huge_migration_writable",
    "huge_migration",
    "huge_migration",
    "huge_migration_writable",
    "migration_writable",
  ],
  [
    "huge_protnone_writable",
    "huge_protnone",
    "huge_protnone",
    "huge_read_only",
    "protnone_writable",
  ],
  ["huge_migration", "huge_migration", "huge_migration", "huge_migration", "migration"],
  ["device_writable", "device_read_only", "device_read_only", "device_writable", "device_writable"],
  ["exclusive", "exclusive_read_only", "exclusive_read_only", "exclusive", "exclusive"],
  ["hwpoison", "hwpoison", "hwpoison", "hwpoison", "hwpoison"],
];

const FRAMES = [1, 7, 2 ** 31, 2 ** 32 - 1];

describe("an entry", () => {
  it.each(KINDS)("of the kind %s keeps its kind and its frame, and allows %s", (kind, says) => {
    for (const frame of FRAMES) {
      const entry = cpuEntry(kind, frame);
      expect([kindOf(entry), frameOfCpu(entry)]).toEqual([kind, frame]);
      const said = [
        allows(entry, false) ? "r" : "",
        allows(entry, true) ? "w" : "",
        isPresent(entry) ? "p" : "",
        isHuge(entry) ? "h" : "",
        isMigrating(entry) ? "m" : "",
        isDevicePrivate(entry) ? "d" : "",
      ];
      expect(said.join("")).toBe(says);
    }
  });

  it("of a present and writable page is the number of its frame", () => {
    expect(cpuEntry("writable", 5)).toBe(5);
  });

  it("that is 0 is absent, allows nothing and names nothing", () => {
    expect([kindOf(0), frameOfCpu(0), allows(0, false), isPresent(0)]).toEqual([
      undefined,
      0,
      false,
      false,
    ]);
    for (const change of [writeProtected, withoutAccess, readableAgain, splitOff]) {
      expect(change(0)).toBe(0);
    }
  });

  it.each(CHANGES)("of the kind %s becomes %s, %s, %s, %s", (kind, ...after) => {
    const changed = [writeProtected, withoutAccess, readableAgain, splitOff].map((change) =>
      change(cpuEntry(kind, 9)),
    );
    expect(changed.map(kindOf)).toEqual(after);
    expect(changed.map(frameOfCpu)).toEqual([9, 9, 9, 9]);
  });

  it("never gains the right to write by any change", () => {
    for (const [kind] of KINDS.filter(([, says]) => !says.includes("w"))) {
      for (const change of [writeProtected, withoutAccess, readableAgain, splitOff]) {
        expect(allows(change(cpuEntry(kind, 9)), true)).toBe(false);
      }
    }
  });
});
