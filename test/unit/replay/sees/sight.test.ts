/**
 * What a driver sees of an operation is what its run shows: the rows of protocol.md 5.3, the order in which they
 * come, and a model with a bug with its bug.
 */
import { type Mutant, SEEN_OPERATIONS, type SeenOperation } from "@mmreplay/core";
import { addressOfPage, regionId } from "@mmreplay/events";
import { describe, expect, it } from "vitest";
import { regionOf } from "../../../../packages/core/src/address-space/region.ts";
import { endRegion } from "../../../../packages/core/src/tasks/end-program.ts";
import { call, move } from "../../../../packages/core/src/tasks/machine.ts";
import { MAPPING_LABELS } from "../../../../packages/core/src/tasks/memory/mapping-program.ts";
import { MM_OPERATIONS } from "../../../../packages/core/src/tasks/memory/mm-operation.ts";
import { startRegion } from "../../../../packages/core/src/tasks/start-program.ts";
import { detailsOf } from "../../../../packages/replay/src/report/sees/text.ts";
import { type Sight, sightOf } from "../../../../packages/replay/src/sees/sight.ts";

const INNER = regionId(7);

function named(name: string): SeenOperation {
  const seen = SEEN_OPERATIONS.find((one) => one.name === name);
  if (seen === undefined) throw new Error(`no ${name}`);
  return seen;
}

const see = (name: string, mutant?: Mutant): Sight => sightOf(named(name), mutant);

/** Where in the operation an event of a type comes first; -1: nowhere. */
const first = ({ steps }: Sight, type: string): number =>
  steps.findIndex(({ event }) => event.type === type);

/** The lines under "the operation", without their indentation. */
function operationLines(name: string, mutant?: Mutant): string[] {
  const lines = detailsOf([see(name, mutant)]);
  const begin = lines.indexOf("  the operation") + 1;
  return lines.slice(begin, lines.indexOf("", begin)).map((line) => line.trim());
}

/** protocol.md 5.3: event, range, blockable; null where nobody is told. */
const TOLD: Readonly<Record<string, readonly [string, readonly number[] | null, boolean][]>> = {
  munmap: [["UNMAP", [0, 2], true]],
  mprotect: [["PROTECTION_VMA", [0, 2], true]],
  madvise_dontneed: [["CLEAR", [0, 2], true]],
  change_prot_numa: [["PROTECTION_VMA", [0, 2], true]],
  clear_refs_write: [["SOFT_DIRTY", null, true]],
  page_mkclean: [["PROTECTION_PAGE", [0, 1], true]],
  try_to_unmap: [["CLEAR", [0, 1], true]],
  ksm_write_protect: [["CLEAR", [0, 1], true]],
  ksm_replace_page: [["CLEAR", [0, 1], true]],
  migrate_pages: [["CLEAR", [0, 1], true]],
  oom_reap_task_mm: [["UNMAP", [0, 2], false]],
  cpu_write_zero_page: [["CLEAR", [4, 5], true]],
  device_write_zero_page: [["CLEAR", [4, 5], true]],
  cpu_write_after_fork: [["CLEAR", [0, 1], true]],
  device_migrate: [["MIGRATE", [0, 2], true]],
  device_migrate_untouched: [
    ["MIGRATE", [4, 5], true],
    ["MIGRATE", [4, 5], true],
  ],
  cpu_read_device_memory: [["MIGRATE", [0, 1], true]],
  device_exclusive: [["EXCLUSIVE", [0, 1], true]],
  cpu_write_exclusive: [["EXCLUSIVE", [0, 1], true]],
  fork: [["PROTECTION_PAGE", [0, 6], true]],
  mm_exit: [
    ["RELEASE", null, true],
    ["UNMAP", null, true],
  ],
  mmap: [],
  cpu_read_untouched: [],
  cpu_write_untouched: [],
  cpu_write_reuse: [],
  swap_in: [],
};

describe.each(Object.entries(TOLD))("%s", (name, told) => {
  it("tells what protocol.md 5.3 says", () => {
    const { invalidations } = see(name);
    expect(invalidations.map(({ event, pages, blockable }) => [event, pages, blockable])).toEqual(
      told,
    );
  });
});

describe.each(SEEN_OPERATIONS.map(({ name }) => name))("%s", (name) => {
  it("breaks no rule and comes to its end", () => {
    const { findings, stuck, accesses } = see(name);
    expect([...findings, ...stuck]).toEqual([]);
    expect(accesses.map(({ command }) => command)).toEqual(["READ", "WRITE"]);
  });

  it("takes an entry away or restricts it only inside an invalidation", () => {
    const outside = see(name).steps.flatMap(({ event, cpu }) =>
      event.type === "cpu_pte_change" ? cpu.filter(({ inside }) => !inside) : [],
    );
    expect(outside).toEqual([]);
  });
});

describe("the owner of an invalidation", () => {
  it.each([
    ["device_migrate", [0]],
    ["device_migrate_untouched", [0, 0]],
    ["cpu_read_device_memory", [0]],
    ["device_exclusive", [0]],
    // The CPU revokes exclusive access: nobody may take that for its own.
    ["cpu_write_exclusive", [null]],
    ["munmap", [null]],
  ])("%s: %j", (name, owners) => {
    expect(see(name).invalidations.map(({ owner }) => owner)).toEqual(owners);
  });
});

describe("the table of operations", () => {
  // MADV_FREE changes no entry: it says what reclaim may do.
  it.each(Object.keys(MM_OPERATIONS).filter((name) => name !== "madvise_free"))(
    "has %s, which changes an entry that a device maps",
    (name) => {
      const sight = see(name);
      const changed = sight.steps.flatMap(({ cpu }) => cpu.map(({ page }) => page));
      expect(changed.some((page) => sight.before.device[page] !== 0)).toBe(true);
    },
  );
});

describe("the order", () => {
  it.each(["mprotect", "madvise_dontneed", "oom_reap_task_mm"])(
    "%s: start, callback, erased, entries, end",
    (name) => {
      const sight = see(name);
      const order = [
        "mmu_notifier_invalidate_range_start",
        "invalidate",
        "mmu_interval_set_seq",
        "device_unmap",
        "invalidate_return",
        "mn_hlist_invalidate_range_start",
        "mmu_notifier_invalidate_range_start_return",
        "cpu_pte_change",
        "mmu_notifier_invalidate_range_end",
        "mn_hlist_invalidate_end",
      ].map((type) => first(sight, type));
      expect(order).not.toContain(-1);
      expect(order).toEqual([...order].sort((a, b) => a - b));
    },
  );

  it("mprotect is printed in it", () => {
    expect(operationLines("mprotect")).toEqual([
      "mmap_lock(write)",
      "mprotect_fixup()",
      "invalidate_range_start(PROTECTION_VMA, pages 0-1, blockable)   [ seq 2 -> 3 ]",
      "interval notifier: invalidate(PROTECTION_VMA, pages 0-1, blockable, cur_seq 3)",
      "lock(driver)",
      "set_seq(sub, 3)",
      "erase the device's pages 0-1",
      "device pages 0-1: writable, frames 2-3 -> none",
      "unlock(driver)",
      "invalidate() = true",
      "plain notifier: invalidate_range_start(PROTECTION_VMA, pages 0-1, blockable) = 0",
      "change CPU entries",
      "CPU pages 0-1: writable, frames 2-3 -> read-only, frames 2-3",
      "invalidate_range_end()",
      "mn_itree_inv_end()   [ seq 3 -> 4 ]",
      "plain notifier: invalidate_range()",
      "plain notifier: invalidate_range_end(PROTECTION_VMA, pages 0-1, blockable)",
      "mmap_unlock()",
    ]);
  });

  it("a fault that only fills an entry calls nobody", () => {
    expect(operationLines("cpu_write_untouched")).toEqual([
      "page fault, write of page 4",
      "mmap_lock(read)",
      "alloc_page() = frame 6",
      "handle_mm_fault()",
      "CPU page 4: none -> writable, frame 6   (in no invalidation)",
      "mmap_unlock()",
      "the CPU writes page 4",
    ]);
  });
});

describe("migration", () => {
  it("takes entries away inside MIGRATE, and maps the destinations outside any invalidation", () => {
    const lines = operationLines("device_migrate");
    expect(lines).toContain(
      "CPU pages 0-1: writable, frames 2-3 -> migration-writable, frames 2-3",
    );
    const finalizes = lines.indexOf("migrate_vma_finalize()");
    expect(lines.slice(finalizes + 1, finalizes + 3)).toEqual([
      "remove_migration_ptes()",
      "CPU pages 0-1: migration-writable, frames 2-3 -> device-writable, frames 6-7   (in no invalidation)",
    ]);
  });

  it("of an absent page maps it inside the second MIGRATE", () => {
    const lines = operationLines("device_migrate_untouched");
    const maps = lines.indexOf("CPU page 4: none -> device-writable, frame 6");
    expect(maps).toBeGreaterThan(lines.lastIndexOf("set_seq(sub, 5)"));
    expect(maps).toBeLessThan(lines.lastIndexOf("invalidate_range_end()"));
  });
});

describe("a non-blockable invalidation that a callback refuses", () => {
  const sight = see("oom_reap_task_mm-refused");

  it("returns -EAGAIN, changes nothing and has no end (K-I24)", () => {
    const rc = sight.steps.flatMap(({ event }) =>
      event.type === "mmu_notifier_invalidate_range_start_return" ? [event.rc] : [],
    );
    expect(rc).toEqual([-11]);
    expect(sight.steps.flatMap(({ cpu, device }) => [...cpu, ...device])).toEqual([]);
    expect(first(sight, "mmu_notifier_invalidate_range_end")).toBe(-1);
  });

  it("leaves the device what it had", () => {
    expect(sight.accesses.map(({ faults }) => faults)).toEqual([0, 0]);
    expect(sight.accesses[1]?.pages).toEqual([
      { page: 0, found: "same page", writable: true },
      { page: 1, found: "same page", writable: true },
    ]);
  });
});

describe("what the device finds afterwards", () => {
  const found = (name: string): (string | number)[] =>
    see(name).accesses.flatMap(({ rc, pages, busy }) => [
      rc,
      busy,
      ...new Set(pages.map((page) => page.found)),
    ]);

  it.each([
    ["munmap", [-14, 0, -14, 0]],
    ["mm_exit", [-14, 0, -14, 0]],
    ["mprotect", [0, 0, "same page", -1, 0]],
    ["madvise_dontneed", [0, 0, "zero page", 0, 1, "new page"]],
    ["try_to_unmap", [0, 0, "copy", 0, 0, "copy"]],
    ["ksm_replace_page", [0, 0, "another page", 0, 1, "new page"]],
    ["fork", [0, 0, "same page", 0, 1, "copy"]],
    ["page_mkclean", [0, 0, "same page", 0, 0, "same page"]],
    ["cpu_read_device_memory", [0, 0, "copy", 0, 0, "copy"]],
    ["device_exclusive", [0, 0, "same page", 0, 1, "same page"]],
    ["cpu_write_exclusive", [0, 0, "same page", 0, 0, "same page"]],
  ])("%s: code, -EBUSY, page, of READ and of WRITE", (name, expected) => {
    expect(found(name)).toEqual(expected);
  });
});

/** The entries change after the end of the invalidation. */
const CHANGES_LATE: Mutant = {
  id: "changes-late",
  title: "The entries change after range_end.",
  source: "K-I15",
  scenario: "mm/madvise_dontneed",
  rule: "K-I15",
  labels: {
    mapping_entries: {
      run(at, branch) {
        const usual = MAPPING_LABELS["mapping_entries"]?.run(at, branch);
        if (usual?.type !== "cpu_pte_change") throw new Error("no change of entries");
        return { ...usual, entries: [] };
      },
    },
    mapping_unlock: {
      run: (at) =>
        move(at, "mapping_unlock_late", {
          type: "cpu_pte_change",
          mm: at.mmId,
          region: null,
          entries: [
            [0, 0],
            [1, 0],
          ],
        }),
    },
    mapping_unlock_late: MAPPING_LABELS["mapping_unlock"] as never,
  },
};

/** Another invalidation inside the operation's, as where a huge page is split meanwhile (protocol.md 9, 25). */
const NESTED: Mutant = {
  id: "nested",
  title: "A second invalidation begins and ends inside the first.",
  source: "protocol.md 9, item 25",
  scenario: "mm/madvise_dontneed",
  rule: null,
  labels: {
    mapping_entries: {
      run: (at) => {
        const [start, end] = [addressOfPage(0), addressOfPage(1)];
        const region = { start, end, event: "CLEAR", blockable: true, owner: null } as const;
        return call(startRegion(at, { region: INNER, ...region }), "nested_end");
      },
    },
    nested_end: {
      run: (at) => call(endRegion(at, regionOf(at.mm, INNER), false), "nested_after"),
    },
    nested_after: MAPPING_LABELS["mapping_entries"] as never,
  },
};

describe("regions inside regions", () => {
  it("are indented once more, between the outer one's start and end", () => {
    const lines = detailsOf([see("munmap", NESTED)]).filter((line) =>
      /^ +(invalidate_range_(start|end)\(|change CPU)/.test(line),
    );
    expect(lines.slice(0, 5)).toEqual([
      "      invalidate_range_start(UNMAP, pages 0-1, blockable)   [ seq 2 -> 3 ]",
      "        invalidate_range_start(CLEAR, page 0, blockable)",
      "        invalidate_range_end()",
      "        change CPU entries",
      "      invalidate_range_end()",
    ]);
  });
});

describe("a model with a bug", () => {
  it("is shown with it: entries that change after the end", () => {
    const lines = operationLines("madvise_dontneed", CHANGES_LATE);
    const change = lines.indexOf(
      "CPU pages 0-1: writable, frames 2-3 -> none   (in no invalidation)",
    );
    expect(change).toBeGreaterThan(lines.indexOf("invalidate_range_end()"));
    expect(lines[change + 1]).toBe("<-- K-I15");
    expect(operationLines("madvise_dontneed").join("\n")).not.toContain("(in no invalidation)");
    expect(see("madvise_dontneed", CHANGES_LATE).findings[0]?.rule).toBe("K-I15");
  });
});
