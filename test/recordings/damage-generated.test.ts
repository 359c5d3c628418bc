/**
 * Damaged recordings from the generator: they retry, refuse and wait far more than the recorded ones.
 */
import { describe, expect, test } from "vitest";
import { recordingText } from "../../packages/replay/src/generate/recording.ts";
import { notRecorded } from "../support/damage.ts";
import { ALL, checkLines, linesOf } from "../support/damaged.ts";
import { pick, seededChoices } from "../support/random.ts";

const EVENTS = 3000;
const BUGS = [
  "no_retry_check",
  "no_set_seq",
  "callback_without_lock",
  "retry_reuses_old_seq",
] as const;

const lines = (seed: number, bug?: (typeof BUGS)[number]): string[] =>
  [...recordingText({ events: EVENTS, seed, ...(bug === undefined ? {} : { bug }) })]
    .join("")
    .split("\n");

const withoutEvery = (all: readonly string[], n: number): string[] =>
  all.filter((line, at) => line.startsWith("#") || (at + 1) % n !== 0);

/** Up to forty event lines are missing, anywhere. */
function thinned(all: readonly string[], seed: number): string[] {
  const choices = seededChoices(seed);
  const kept = [...all];
  for (let left = 1 + choices.below(40); left > 0; left--) {
    const at = choices.below(kept.length);
    if (!kept[at]?.startsWith("#")) kept.splice(at, 1);
  }
  return kept;
}

describe.each(ALL ? [1, 2, 3] : [1])(
  "a generated recording of a correct driver, seed %d",
  (seed) => {
    test("violates nothing when every n-th line is missing", async () => {
      const all = lines(seed);
      for (let n = 2; n <= 62; n += 3) {
        expect((await checkLines("generated", withoutEvery(all, n))).findings, `n ${n}`).toEqual(
          [],
        );
      }
    });

    test("violates nothing when some lines are missing", async () => {
      const all = lines(seed);
      for (let damage = 0; damage < 20; damage++) {
        const { findings } = await checkLines("generated", thinned(all, damage));
        expect(findings, `damage ${damage}`).toEqual([]);
      }
    });
  },
);

test.each(BUGS)(
  "a generated recording of a driver with %s is never held when lines are missing",
  async (bug) => {
    const all = lines(3, bug);
    for (let damage = 0; damage < 20; damage++) {
      const { verdict } = await checkLines("generated", thinned(all, damage));
      expect(verdict, `damage ${damage}`).not.toBe("held");
    }
  },
);

test("a correct driver violates nothing where two probes were not recorded", async () => {
  const probes = [
    "invalidate_ret",
    "release_ret",
    "read_begin_ret",
    "inv_start_ret",
    "inv_end_ret",
  ];
  const all = linesOf("cust61-good-stress_tiny.txt.gz");
  const choices = seededChoices(7);
  const pairs = [
    ["invalidate_ret", "release_ret"],
    ...Array.from({ length: 12 }, () => [pick(choices, probes), pick(choices, probes)]),
  ];
  for (const pair of pairs) {
    const left = pair.reduce((kept, probe) => notRecorded(kept, probe), all);
    expect((await checkLines("tiny", left)).findings, pair.join()).toEqual([]);
  }
});
