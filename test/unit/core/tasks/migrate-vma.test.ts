/**
 * What a migration takes of a page, gives up, and leaves to the device.
 */
import { type Operation, type Scenario, ZERO_PAGE } from "@mmreplay/core";
import { mirrorId } from "@mmreplay/events";
import { describe, expect, it } from "vitest";
import {
  alone,
  type Ended,
  entryAt,
  inTurn,
  kindsAt,
  readIn,
  toldIn,
} from "../../../support/memory-run.ts";
import { insert, M, N, scenario } from "../../../support/operations.ts";
import { startRun } from "../../../support/run.ts";
import { follow } from "../../../support/schedule.ts";

const PAGE = { page: 0, np: 1 };
const opens = insert(N, 0, 4);
const map: Operation = { op: "mmap", ...PAGE, prot: "read_write" };
const cpu = (write: boolean, value = 5): Operation => ({ op: "cpu_access", write, ...PAGE, value });
const device = (command: "MIGRATE_TO_DEV" | "MIGRATE_TO_SYS" | "READ", n = N): Operation => ({
  op: "dmirror",
  command,
  n,
  ...PAGE,
});
const other = { ...insert(M, 0, 4), mirror: mirrorId(1) } as Operation;
const TWO: Partial<Scenario> = { devices: [0, 1] };

const deviceOfPage = (run: Ended): number | null | undefined =>
  run.state.frames[entryAt(run, 0)?.frame ?? 0]?.device;
const mappedBy = (run: Ended, mirror: number): number =>
  run.state.mirrors[mirror] === undefined
    ? -1
    : Object.values(run.state.mirrors[mirror].device.leaves)
        .flat()
        .filter((entry) => entry !== 0).length;

describe("a migration back to system memory", () => {
  it("takes pages of its own device, and none of another", () => {
    const moved = [opens, other, map, cpu(true), device("MIGRATE_TO_DEV")];
    const kept = alone([...moved, device("MIGRATE_TO_SYS", M)], TWO);
    expect(deviceOfPage(kept)).toBe(0);
    const back = alone([...moved, device("MIGRATE_TO_SYS")], TWO);
    expect(deviceOfPage(back)).toBeNull();
  });
});

describe("a migration to the device", () => {
  it("takes a page that shows the zero page, and what is read there is empty", () => {
    const run = alone([opens, map, cpu(false), device("MIGRATE_TO_DEV")]);
    expect(entryAt(run, 0)?.frame).not.toBe(ZERO_PAGE);
    expect(deviceOfPage(run)).toBe(0);
    const read = readIn(alone([opens, map, cpu(false), device("MIGRATE_TO_DEV"), cpu(false)]));
    expect(new Set(read)).toEqual(new Set([0]));
  });

  it("tells a second time from the first hole on, and not of what lies before it", () => {
    const four = { page: 0, np: 4 };
    const writes = (page: number): Operation => ({ ...cpu(true), page }) as Operation;
    const migrates = { ...device("MIGRATE_TO_DEV"), ...four } as Operation;
    const maps: Operation = { op: "mmap", ...four, prot: "read_write" };
    const run = alone([opens, maps, writes(0), writes(1), writes(3), migrates]);
    expect(toldIn(run)).toEqual(["MIGRATE 0-4", "MIGRATE 2-4"]);
    expect(kindsAt(run, 0, 4)).toEqual(Array(4).fill("device_writable"));
  });

  it("gives a hole up that was filled between the two looks at it, and keeps what was written", () => {
    const programs = [[opens, map], [device("MIGRATE_TO_DEV")], [cpu(true, 6)]];
    const run = startRun({ ...scenario({ present: 0, programs }), memory: true });
    follow(run, "0* 1@migrate_vma_holes 2* 1*");
    expect(run.unfinished()).toEqual([]);
    const looked = run.events.flatMap((event) =>
      event.type === "migrate_vma_insert_page" ? [event.gaveUp] : [],
    );
    expect(looked).toEqual([[0]]);
    expect([deviceOfPage(run), entryAt(run, 0)?.kind]).toEqual([null, "writable"]);
  });
});

describe("a CPU fault on a page of device memory", () => {
  it("takes the page from the device before its contents are copied", () => {
    const run = inTurn([[opens, map, cpu(true), device("MIGRATE_TO_DEV"), device("READ")]]);
    expect(mappedBy(run, 0)).toBe(1);
    const steps = [opens, map, cpu(true), device("MIGRATE_TO_DEV"), device("READ"), cpu(false)];
    const { events } = alone(steps);
    const types = events.map(({ type }): string => type);
    const [frame, copied] = ["alloc_page", "migrate_copy"].map((type) => types.lastIndexOf(type));
    expect(types.slice(frame, copied)).toContain("device_unmap");
  });
});
