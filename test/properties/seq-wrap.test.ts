/**
 * The wrap changes nothing: the same schedule under a tiny modulus gives states that agree with
 * those under the large one, modulo it.
 */
import type { Operation, Scenario, State } from "@mmreplay/core";
import { mirrorId, notifierId, type Seq } from "@mmreplay/events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seqAfter, seqBefore, seqDistance } from "../../packages/core/src/state/seq.ts";
import { type ArbitraryRun, anyRun, FIXED } from "../support/arbitrary-run.ts";
import { presetSeq, remove } from "../support/operations.ts";
import { listedChoices, pick } from "../support/random.ts";
import { watchRules } from "../support/rule-watch.ts";
import { startRun } from "../support/run.ts";

/** More than twice the epochs of any run here, so that no read section sees a whole turn. */
const SMALL = 64;

/** A driver instance that no shape has. */
const ANOTHER = mirrorId(9);

/**
 * The scenario with a sequence just below the small modulus: set after the insertion of a notifier of another
 * driver, which is then removed, so that nobody has a number from before.
 */
function nearTheWrap(scenario: Scenario): Scenario {
  const [setUp = [], ...others] = scenario.programs;
  const [first] = setUp;
  if (first?.op !== "insert") return scenario;
  const n = notifierId(scenario.notifiers);
  const before: Operation[] = [{ ...first, n, mirror: ANOTHER }, presetSeq(SMALL - 2), remove(n)];
  const programs = [[...before, ...setUp], ...others];
  return { ...scenario, notifiers: scenario.notifiers + 1, programs };
}

/** The state with every sequence number taken modulo the small modulus. */
function modulo(state: State): State {
  const copy = structuredClone(state);
  copy.seqModulus = SMALL;
  const cut = <T extends Seq | null>(seq: T): T => (seq === null ? seq : ((seq % SMALL) as T));
  for (const mm of copy.mms) {
    if (mm.subs !== null) mm.subs.seq = cut(mm.subs.seq);
    for (const region of Object.values(mm.regions)) region.seq = cut(region.seq);
  }
  for (const notifier of copy.notifiers) notifier.seq = cut(notifier.seq);
  for (const { section, sleep } of copy.tasks) {
    if (section !== null) section.seq = cut(section.seq);
    if (sleep !== null) sleep.seq = cut(sleep.seq);
  }
  return copy;
}

function inStep(one: ArbitraryRun): { wrapped: boolean; violated: string[] } {
  const choices = listedChoices(one.list);
  const scenario = nearTheWrap(one.shape.build(choices));
  const rules = watchRules();
  const small = startRun(scenario, { seqModulus: SMALL, watch: rules });
  const large = startRun(scenario);
  while (small.enabled().length > 0) {
    expect(small.enabled()).toEqual(large.enabled());
    const task = pick(choices, small.enabled());
    small.step(task);
    large.step(task);
    expect(small.state).toEqual(modulo(large.state));
  }
  expect(large.enabled()).toEqual([]);
  const reached = large.events.some((event) => event.type === "preset_seq");
  const seq = large.state.mms[0]?.subs?.seq ?? 0;
  const mayBreak = one.shape.mayBreak ?? [];
  return {
    wrapped: reached && seq >= SMALL,
    violated: rules.violated().filter((id) => !mayBreak.includes(id)),
  };
}

describe("the wrap", () => {
  it("changes nothing but the numbers", () => {
    let wrapped = 0;
    fc.assert(
      fc.property(anyRun, (one) => {
        const result = inStep(one);
        expect(result.violated).toEqual([]);
        if (result.wrapped) wrapped += 1;
      }),
      FIXED,
    );
    expect(wrapped).toBeGreaterThan(FIXED.numRuns / 4);
  });

  it("keeps parity and distance under every even modulus", () => {
    const anyModulus = fc.integer({ min: 2, max: 2 ** 51 }).map((half) => half * 2);
    fc.assert(
      fc.property(anyModulus, fc.nat(), fc.nat({ max: 20 }), (modulus, from, steps) => {
        const start = (from % modulus) as Seq;
        let seq = start;
        for (let step = 0; step < steps; step++) {
          const next = seqAfter(seq, modulus);
          expect(next % 2).not.toBe(seq % 2);
          expect(seqBefore(next, modulus)).toBe(seq);
          seq = next;
        }
        if (steps >= modulus / 2) return;
        expect(seqDistance(start, seq, modulus)).toBe(steps);
        expect(seqDistance(seq, start, modulus)).toBe(steps === 0 ? 0 : -steps);
      }),
      { seed: 9, numRuns: 300 },
    );
  });
});
