/** Beyond the hundred findings that check spells out, the debugger, the page and the export still know each violation. */
import { beforeAll, describe, expect, it } from "vitest";
import { openInput } from "../../../../packages/replay/src/input/open.ts";
import type { Finding } from "../../../../packages/replay/src/recording/check-report.ts";
import { findingsOf } from "../../../../packages/replay/src/timeline/findings.ts";
import { openTimeline } from "../../../../packages/replay/src/timeline/open.ts";
import { jsonOf, mmreplay, trace } from "../../../cli/terminal.ts";
import { storeOf } from "../../viewer/loaded.ts";

const FILE = trace("cust61-BUG_noseq-stress_nodelay.txt.gz");

async function* nothing(): AsyncGenerator<Uint8Array> {}

function byRule(rules: readonly { readonly rule: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { rule } of rules) counts[rule] = (counts[rule] ?? 0) + 1;
  return counts;
}

describe("a recording with 1239 violations", () => {
  let counted: Record<string, number>;
  let all: readonly Finding[];

  beforeAll(async () => {
    const { files } = jsonOf(await mmreplay(["check", FILE, "--json"]));
    const rules = files[0]?.["rules"] as Record<string, { violated: number }>;
    const violated = Object.entries(rules).filter(([, counts]) => counts.violated > 0);
    counted = Object.fromEntries(violated.map(([id, counts]) => [id, counts.violated]));
    all = findingsOf(await openTimeline(FILE, openInput(FILE, nothing())));
  });

  it("has as many findings as check counts, each with its text, in the order of their events", () => {
    expect(counted).toEqual({ "K-I12": 1175, "K-I13": 63, "K-I14": 1 });
    expect(byRule(all)).toEqual(counted);
    expect(all.every(({ evidence }) => evidence.length > 0)).toBe(true);
    expect(all.map(({ index }) => index)).toEqual(
      all.map(({ index }) => index).toSorted((a, b) => a - b),
    );
  });

  it("the debugger goes from violation to violation to the last one", async () => {
    const [before, last] = all.slice(-2).map(({ index }) => index);
    const { stdout } = await mmreplay([
      "debug",
      FILE,
      "--command",
      `goto ${before}`,
      "violation",
      "violation",
    ]);
    expect(stdout).toContain(`\n#${last} (`);
    expect(stdout).toMatch(/no violation after this one\n$/);
  });

  it("the page knows the event and the rule of each, and the texts that check lists", async () => {
    const store = await storeOf(FILE);
    const event = ({ index, rule }: { index: number; rule: string }) => `${index} ${rule}`;
    expect(store.violations.map(event)).toEqual(all.map(event));
    const texts = store.violations.flatMap(({ finding }) => finding ?? []);
    expect(new Set(texts)).toEqual(new Set(store.report.findings));
    expect(store.report.findings).toHaveLength(100);
    const spans = store.loaded.recorded.finish(store.violating);
    const own = (task: number, index: number) =>
      spans.filter(
        ({ kind, start, end, task: of }) =>
          kind === "section" && of === task && start <= index && index <= end,
      );
    const green = all.filter(({ index }) =>
      own(store.loaded.timeline.eventAt(index).task, index).some(
        ({ outcome }) => outcome === "kept",
      ),
    );
    expect(green).toEqual([]);
  });
});
