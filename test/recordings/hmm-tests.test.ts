/**
 * The simulated selftests do to the buffer what the kernel's own runs were recorded to do: the same
 * invalidations with their callbacks, range faults with their results, checks and stores, in this order.
 *
 * One difference is left out on both sides, with its reason: the recorded kernels gave the process huge
 * pages (THP), and a huge page that is collapsed or split is cleared as a whole, `CLEAR` over 2 MiB; huge
 * pages are not modelled. Everything outside of the buffer (the process's stack and libraries) is not
 * looked at.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { decodeEvent, type MmEvent } from "@mmreplay/events";
import { importBytes } from "@mmreplay/replay";
import { describe, expect, it } from "vitest";
import { HMM_TESTS } from "../../packages/replay/src/suite/hmm-tests.ts";
import { runTest } from "../../packages/replay/src/suite/run-test.ts";
import { footprint, type Pages } from "../support/footprint.ts";
import { hasShared, inChunks, recordingBytes, SHARED_TRACES } from "../support/recordings.ts";

const PMD_PAGES = 512;
const PAGE_SHIFT = 12n;

const RECORDED = ["cust61", "deb61", "deb612"].flatMap((kernel) =>
  ["anon_read", "anon_write", "anon_write_child", "anon_write_prot"]
    .filter((name) => existsSync(join(SHARED_TRACES, `${kernel}-good-ht_${name}.txt.gz`)))
    .map((name) => ({ kernel, name })),
);

async function recordedEvents(file: string): Promise<MmEvent[]> {
  let text = "";
  await importBytes(file, inChunks(recordingBytes(file)), {}, (line) => {
    text += line;
  });
  const [, ...lines] = text.trimEnd().split("\n");
  return lines.map((line, index) => decodeEvent(line, file, index));
}

/** The test's buffer: what its largest read or write of the device names. */
function bufferOf(events: readonly MmEvent[]): Pages {
  const named = events.flatMap((event): Pages[] => {
    if (event.type !== "probe" || !["read", "write"].includes(event.name)) return [];
    const { addr, npages } = event.fields;
    if (addr === undefined || npages === undefined) return [];
    return [{ page: Number(BigInt(addr) >> PAGE_SHIFT), np: Number(npages) }];
  });
  return named.toSorted((a, b) => b.np - a.np)[0] ?? { page: 0, np: 0 };
}

describe.runIf(hasShared)("a simulated selftest does to its buffer what was recorded", () => {
  it.each(RECORDED)("$name on $kernel", async ({ kernel, name }) => {
    const recorded = await recordedEvents(`${kernel}-good-ht_${name}.txt.gz`);
    const buffer = bufferOf(recorded);
    const body = HMM_TESTS.find((test) => test.name === name);
    if (body === undefined) throw new Error(`no body ${name}`);
    // The same place inside a PMD: hmm_range_fault faults up to the end of one.
    const own = { page: PMD_PAGES + (buffer.page % PMD_PAGES), np: buffer.np };
    const simulated = footprint(runTest(body, own).events, own);
    expect(simulated.length).toBe(body.child === undefined ? 1 : 2);
    for (const lines of simulated) expect(lines.length).toBeGreaterThan(5);
    expect(simulated).toEqual(footprint(recorded, buffer));
  });
});
