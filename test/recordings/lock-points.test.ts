/** Steps under the lock are placed by recorded values, as the core's recipes would have them. */
import { expect, test } from "vitest";
import { importBytes } from "../../packages/replay/src/recording/import.ts";
import { inChunks } from "../support/recordings.ts";
import { begun, WrittenTrace } from "../support/written-trace.ts";

interface Start {
  readonly type: string;
  readonly evidence: readonly number[];
  readonly order: string;
}

/** The range_starts of a recording, in the order of their steps. */
async function startsOf(trace: WrittenTrace): Promise<Start[]> {
  const lines: string[] = [];
  await importBytes("written.txt", inChunks(trace.text()), {}, (line) => lines.push(line));
  return lines
    .map((line) => JSON.parse(line) as Start)
    .filter(({ type }) => type === "mmu_notifier_invalidate_range_start");
}

const elsewhere = { start: "0x300000000", end: "0x300001000" };

test("a start that overlaps no notifier does not explain a sequence that has moved", async () => {
  const trace = new WrittenTrace()
    .line(
      "app-100",
      "insert",
      "sub=0xffff888102000018 mm=0xffff888100940440 start=0x200000000 length=0x2000 ops=0x1",
    )
    .line("app-100", "register", "subscription=0x0 mm=0xffff888100940440")
    .returns("app-100", "insert", "ret=0")
    .start("app-102", 2, elsewhere)
    .readBegin("app-101", 0, 1, 3)
    .returns("app-102", "inv_start", "ret=0")
    .end("app-102", 2, elsewhere);
  const [start] = await startsOf(trace);
  expect(start?.evidence).toEqual([8, 11]);
});

test("a start that a callback's number places lies somewhere between two lines", async () => {
  const starts = await startsOf(begun());
  expect(starts.map(({ order }) => order)).toEqual(["interval"]);
});
