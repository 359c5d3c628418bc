/**
 * The counts of memory, counted again from the page tables and the files, after every step of random runs:
 * whatever is drawn, a frame has as many maps as entries name it, over all address spaces; its pins are those
 * of the cache and of tasks that are in the middle of something; a PMD is huge as a whole or not at all.
 *
 * MMREPLAY_FUZZ=100000 draws so many.
 */
import { frameOfCpu, type Scenario, someEntry } from "@mmreplay/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isHuge } from "../../packages/core/src/memory/cpu-entry.ts";
import { MEMORY_SHAPES } from "../../packages/replay/src/fuzz/draw/memory-shapes.ts";
import { runs } from "../support/fuzzing.ts";
import { type Choices, listedChoices } from "../support/random.ts";
import { type Run, startRun } from "../support/run.ts";
import { runFreely } from "../support/schedule.ts";
import { TEST_SIZE } from "../support/shapes.ts";

const HOURS = 3_600_000;
const EVERY_PAGE = Number.MAX_SAFE_INTEGER;
/** As many tasks as the shapes have different ones. */
const SIZE = { ...TEST_SIZE, tasks: 7 };

const anyChoices: fc.Arbitrary<Choices> = fc
  .array(fc.nat({ max: 5_000 }), { maxLength: 1_500, size: "max" })
  .map(listedChoices);

/** How many entries of each frame's number there are in these tables. */
function named(tables: readonly Parameters<typeof someEntry>[0][]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const table of tables) {
    someEntry(table, 0, EVERY_PAGE, (_, entry) => {
      const frame = frameOfCpu(entry);
      counts.set(frame, (counts.get(frame) ?? 0) + 1);
      return false;
    });
  }
  return counts;
}

/** Frames whose counts do not add up; at rest nobody but the cache has pins. */
function miscounted({ state }: Run, atRest: boolean): string[] {
  const mapped = named(state.mms.map(({ cpu }) => cpu));
  const cached = named(state.files.map(({ cache }) => cache));
  return state.frames.flatMap(({ maps, pins }, number) => {
    // Number 0 is none, as absent and special entries have it.
    if (number === 0) return pins === 0 ? [] : [`number 0 has ${pins} pins`];
    const [entries, held] = [mapped.get(number) ?? 0, cached.get(number) ?? 0];
    const wrong: string[] = [];
    if (maps !== entries) wrong.push(`frame ${number}: ${maps} maps, ${entries} entries`);
    if (held > 1) wrong.push(`frame ${number} is ${held} pages of files`);
    const usual = number === 1 ? 1 : held;
    if (atRest ? pins !== usual : pins < usual) {
      wrong.push(`frame ${number}: ${pins} pins, ${usual} held`);
    }
    return wrong;
  });
}

/** PMDs of which some entries are huge and some are not. */
function halfHuge({ state }: Run, { pmdOrder = 9 }: Scenario): string[] {
  const pages = 2 ** pmdOrder;
  return state.mms.flatMap(({ cpu }, mm) => {
    const huge = new Map<number, number>();
    someEntry(cpu, 0, EVERY_PAGE, (page, entry) => {
      const pmd = page - (page % pages);
      huge.set(pmd, (huge.get(pmd) ?? 0) + Number(isHuge(entry)));
      return false;
    });
    return [...huge]
      .filter(([, count]) => count !== 0 && count !== pages)
      .map(([pmd, count]) => `mm${mm}: ${count} of ${pages} pages of the PMD at ${pmd} are huge`);
  });
}

describe("memory, whatever is drawn", () => {
  it.each(MEMORY_SHAPES)("counts what is there: $name", { timeout: HOURS }, ({ build }) => {
    fc.assert(
      fc.property(anyChoices, (choices) => {
        const run = startRun(build(choices, SIZE));
        runFreely(run, choices, () => {
          const wrong = [...miscounted(run, false), ...halfHuge(run, run.scenario)];
          if (wrong.length > 0) expect(wrong, `after ${run.events.length} events`).toEqual([]);
        });
        expect([run.unfinished(), miscounted(run, true)]).toEqual([[], []]);
      }),
      runs(30),
    );
  });
});
