/**
 * Damaged texts of formats that do not count their events: nothing in what is left says that lines are
 * missing. A driver with a bug is never cleared, a correct one is never blamed.
 */
import { describe, expect, test } from "vitest";
import type { GeneratedFormat } from "../../packages/replay/src/generate/layouts.ts";
import { recordingText } from "../../packages/replay/src/generate/recording.ts";
import { checkLines } from "../support/damaged.ts";
import { type Choices, seededChoices } from "../support/random.ts";

const EVENTS = 1500;
const SMALL = { workers: 4, notifiers: 3, wide: 2, pages: 16, regionBits: 3, rounds: 20 };
const SEEDS = [1, 2, 4];

type Cut = (lines: readonly string[], choices: Choices) => string[];

/** The processor of a line: in brackets, or the fourth item of a tuple. */
function cpuOf(line: string): number {
  const [, brackets, item] = / \[(\d{3})\] |"\w+",\s*\d+,\s*(\d+),/.exec(line) ?? [];
  return Number(brackets ?? item ?? -1);
}

/** How lines go missing without a trace. */
const CUTS: Readonly<Record<string, Cut>> = {
  "the end": (lines, choices) => lines.slice(0, 20 + choices.below(EVENTS - 20)),
  "all but the first few lines": (lines, choices) => lines.slice(0, 20 + choices.below(60)),
  "the lines of most probes": (lines, choices) => {
    const kept = [/insert/, /read_begin/, /inv_start|inv_end/][choices.below(3)];
    return lines.filter((line) => kept?.test(line));
  },
  "the beginning, head and all": (lines, choices) => lines.slice(1 + choices.below(EVENTS - 40)),
  "every n-th line": (lines, choices) => {
    const n = 2 + choices.below(30);
    return lines.filter((_, at) => at % n !== 0);
  },
  "the oldest lines of each processor": (lines, choices) => {
    const begins = Array.from({ length: 4 }, () => choices.below(EVENTS / 2));
    return lines.filter((line, at) => at >= (begins[cpuOf(line)] ?? 0));
  },
  "some lines": (lines, choices) => lines.filter(() => choices.below(40) !== 0),
};

const textOf = (
  format: GeneratedFormat,
  seed: number,
  bug: "none" | "no_set_seq" | "no_retry_check",
): string[] =>
  [...recordingText({ events: EVENTS, seed, format, bug, process: SMALL })].join("").split("\n");

/** The verdicts of all damaged texts of these drivers that are `wrong`. */
async function damagedVerdicts(
  format: GeneratedFormat,
  bugs: readonly Parameters<typeof textOf>[2][],
  wrong: string,
): Promise<string[]> {
  const found: string[] = [];
  for (const bug of bugs) {
    for (const seed of SEEDS) {
      const lines = textOf(format, seed, bug);
      for (const [name, cut] of Object.entries(CUTS)) {
        const report = await checkLines("cut", [...cut(lines, seededChoices(seed)), ""]);
        if (report.verdict !== wrong) continue;
        found.push(`${bug}, seed ${seed}, without ${name}: ${report.findings[0]?.message}`);
      }
    }
  }
  return found;
}

describe.each(["bpftrace", "perf-script", "trace-cmd"] as const)("cut %s", (format) => {
  test("of a driver with a bug is never held", { timeout: 60_000 }, async () => {
    expect(await damagedVerdicts(format, ["no_set_seq", "no_retry_check"], "held")).toEqual([]);
  });

  test("of a correct driver is never violated", { timeout: 60_000 }, async () => {
    expect(await damagedVerdicts(format, ["none"], "violated")).toEqual([]);
  });
});
