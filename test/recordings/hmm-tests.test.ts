/**
 * The simulated selftests do to the buffer what the kernel's own runs were recorded to do: the same
 * invalidations with their callbacks and what these erase, range faults with their results, checks and stores, in
 * this order.
 *
 * A simulated run is told what the recorded kernel had decided:
 *
 * - where the buffer lies in a PMD;
 * - whether huge pages are always used: they are in the recordings of one body, but for `exclusive` and
 *   `exclusive_cow`, which pass without only, and not in that of the whole suite;
 * - whether malloc's mapping is its neighbour (`isApart`). 6.12 aligns the buffer to a PMD, so there is a gap;
 *   and `anon_write_prot` with huge pages always used: the huge zero page has given the buffer an anon_vma of its
 *   own, so the kernel does not join it with malloc's mapping again, as it does without;
 * - whether something else is present in the buffer's PMD (`ALONE`): the buffers of `snapshot` and
 *   `migrate_mixed` are small, so malloc has no mapping of its own beside them, and in the recording of the whole
 *   suite nothing else is there: the first mprotect finds an empty PMD and tells nobody.
 *
 * Not compared: everything outside of the buffer (the process's stack, heap and libraries), with the pages of the
 * buffer that callbacks of such regions are asked to erase; what other processes do (khugepaged); `anon_teardown`
 * (`RANDOM`), `hmm_gup_test` (`SKIPPED`), and what `DIFFERENCES` names, in three bodies. Of what is
 * compared no numbers: which owner, notifier, sequence or frame. docs/memory.md has the whole list.
 *
 * A usual run takes one recording of each body, none of those that repeat it; MMREPLAY_WHOLE takes those of all kernels and
 * that of the whole suite.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { decodeEvent, endPageExclusive, type MmEvent, pageOf, type TaskId } from "@mmreplay/events";
import { importBytes } from "@mmreplay/replay";
import { describe, expect, it } from "vitest";
import { placeOf, USUAL_BUFFER } from "../../packages/replay/src/suite/body.ts";
import { SUITE } from "../../packages/replay/src/suite/run-suite.ts";
import { runTest } from "../../packages/replay/src/suite/run-test.ts";
import { footprint, type Pages, processesOf } from "../support/footprint.ts";
import {
  inOrder,
  type Pair,
  withoutCopies,
  withoutFirstTwo,
} from "../support/footprint-differences.ts";
import { hasShared, inChunks, recordingBytes, SHARED_TRACES } from "../support/recordings.ts";
import { ofEachKind, WHOLE } from "../support/sample.ts";

const PMD_PAGES = 512;
/** A test that maps no buffer is looked at as a whole. */
const EVERYTHING: Pages = { page: 0, np: Number.MAX_SAFE_INTEGER };

/** Processes of cust61-good-ht_all_nopte that open the device, in their order. */
const ALL: readonly string[] = [
  "open_close",
  "anon_read",
  "anon_read_prot",
  "anon_write",
  "anon_write_prot",
  "anon_write_child",
  "anon_write_child",
  "anon_write_child_shared",
  "anon_write_child_shared",
  "anon_write_huge",
  "anon_write_hugetlbfs",
  "file_read",
  "file_write",
  "migrate",
  "migrate_file_private",
  "migrate_fault",
  "migrate_release",
  "migrate_shared",
  "migrate_multiple",
  "anon_read_multiple",
  "anon_teardown",
  "mixedmap",
  "compound",
  "exclusive",
  "exclusive_mprotect",
  "exclusive_cow",
  "hmm_gup_test",
  "hmm_cow_in_device",
  "migrate_mixed",
  "snapshot",
  "double_map",
];

/** It ends as its two threads happen to run; it is explored instead. */
const RANDOM = "anon_teardown";
/** The recorded kernels had no gup_test module, so the kernel's suite skipped this one. */
const SKIPPED = "hmm_gup_test";
/** Bodies that were recorded; all on private memory: the recorded kernels had no coherent devices. */
const NAMES = SUITE.map(({ name }) => name).filter((name) => ![RANDOM, SKIPPED].includes(name));

/** What is brought to one form before it is compared. */
const DIFFERENCES: Readonly<Record<string, (pair: Pair) => Pair>> = {
  migrate_release: inOrder,
  exclusive_cow: withoutCopies,
  migrate_mixed: withoutFirstTwo,
};

/** Small buffers with which, in the recording of the whole suite, nothing else is present in their PMD. */
const ALONE: readonly string[] = ["snapshot", "migrate_mixed"];

/** Recordings of one body each. */
const SINGLE = ["cust61", "deb61", "deb612"].flatMap((kernel) =>
  NAMES.flatMap((name) =>
    ["good-ht", "good-rich-ht"]
      .flatMap((form) => [`${kernel}-${form}_${name}.txt.gz`, `${kernel}-${form}_${name}.txt`])
      .filter((file) => existsSync(join(SHARED_TRACES, file)))
      .map((file) => ({
        file,
        name,
        apart: isApart(kernel, name),
        hugeAlways: !name.startsWith("exclusive"),
      })),
  ),
);

/** Bodies that go round ten times are the longest. */
const USUAL = ofEachKind(SINGLE, ({ name }) => name).filter(
  ({ name }) => WHOLE || !name.endsWith("_multiple"),
);

function isApart(kernel: string, name: string): boolean {
  return kernel === "deb612" || name === "anon_write_prot";
}

const recordings = new Map<string, Promise<MmEvent[]>>();

function recordedEvents(file: string): Promise<MmEvent[]> {
  const known = recordings.get(file) ?? importEvents(file);
  recordings.set(file, known);
  return known;
}

async function importEvents(file: string): Promise<MmEvent[]> {
  let text = "";
  await importBytes(file, inChunks(recordingBytes(file)), {}, (line) => {
    text += line;
  });
  const [, ...lines] = text.trimEnd().split("\n");
  return lines.map((line, index) => decodeEvent(line, file, index));
}

/** What a run's device faults name, together: the buffer, or where it is mapped again all its places. */
function extentOf(named: readonly Pages[]): Pages {
  if (named.length === 0) return EVERYTHING;
  const page = Math.min(...named.map((one) => one.page));
  return { page, np: Math.max(...named.map((one) => one.page + one.np)) - page };
}

/** Ranges that a command works on, in their order. */
function rangesOf(events: readonly MmEvent[], tasks: ReadonlySet<TaskId>): Pages[] {
  return events.flatMap((event) => {
    if (!tasks.has(event.task)) return [];
    if (
      event.type !== "hmm_range_fault" &&
      event.type !== "migrate_vma_setup" &&
      event.type !== "make_device_exclusive_range"
    ) {
      return [];
    }
    const page = pageOf(event.start);
    return [{ page, np: endPageExclusive(event.end) - page }];
  });
}

interface Case {
  readonly file: string;
  readonly name: string;
  readonly apart: boolean;
  readonly hugeAlways: boolean;
  readonly populated?: boolean;
}

async function compare({ file, name, ...options }: Case): Promise<number> {
  const recorded = await recordedEvents(file);
  const processes = processesOf(recorded);
  const tasks = new Set(
    file.includes("ht_all") ? processes.filter((_, at) => ALL[at] === name) : processes,
  );
  const ranges = rangesOf(recorded, tasks);
  const body = SUITE.find((test) => test.name === name);
  if (body === undefined) throw new Error(`no body ${name}`);
  // The same place inside a PMD: hmm_range_fault faults up to the end of one.
  const { np } = body.buffer ?? USUAL_BUFFER;
  const placed = { page: 2 * PMD_PAGES + ((ranges[0]?.page ?? 0) % PMD_PAGES), np };
  const { message, events } = runTest(body, placed, placeOf(body, placed, options));
  expect(message).toBe("");
  // Where a recording shows no entry that is stored, its probes are not in the device's page table.
  const entries = recorded.some(({ type }) => type === "device_map");
  const own = extentOf(rangesOf(events, new Set(processesOf(events))));
  const lines = footprint(events, own, { entries });
  const theirs = footprint(recorded, extentOf(ranges), { entries, tasks });
  expect(lines.length).toBe(processesOf(events).length);
  expect(theirs.length).toBe(lines.length);
  const alike = DIFFERENCES[name] ?? ((pair: Pair): Pair => pair);
  const pairs = lines.map((line, at) => alike([line, theirs[at] ?? []]));
  expect(pairs.map(([line]) => line)).toEqual(pairs.map(([, line]) => line));
  return pairs.flatMap(([line]) => line).length;
}

describe.runIf(hasShared)("a simulated selftest does to its buffer what was recorded", () => {
  it.each(USUAL)("$name, $file", async (one) => {
    expect(await compare(one)).toBeGreaterThan(3);
  });

  it.runIf(WHOLE).each(NAMES)("%s, in the recording of the whole suite", async (name) => {
    const file = "cust61-good-ht_all_nopte.txt.gz";
    const usual = { apart: false, hugeAlways: false };
    const populated = !ALONE.includes(name);
    expect(await compare({ file, name, ...usual, populated })).toBeGreaterThan(3);
  });
});
