/**
 * Mutants of the invalidation itself and of the driver's callback.
 */
import type { PageEntry } from "@mmreplay/events";
import { pageOf } from "@mmreplay/events";
import { entryOf } from "../state/page-table.ts";
import { peekNotifier } from "../state/state.ts";
import { CALLBACK_LABELS } from "../tasks/callback-program.ts";
import { END_LABELS } from "../tasks/end-program.ts";
import {
  type At,
  blockedIf,
  isLocked,
  type Labels,
  type MicroStep,
  mirrorOfNotifier,
  move,
  SCENARIO_MM,
} from "../tasks/machine.ts";
import { currentRegion, START_LABELS } from "../tasks/start-program.ts";
import type { Mutant } from "./mutant.ts";
import { led, nothing, waiting } from "./steps.ts";

type Called = NonNullable<ReturnType<typeof currentRegion>["next"]>;

const called = (at: At): Called => currentRegion(at).next as Called;
const step = (label: string): MicroStep => CALLBACK_LABELS[label] as MicroStep;

/** Page 0 changes, inside no region. */
const changesPageZero = (then: string, absent: boolean): MicroStep => ({
  run(at) {
    const old = entryOf(at.mm.cpu, 0);
    const entries: PageEntry[] = old === 0 ? [] : [[0, absent ? 0 : old + at.scenario.pages]];
    return move(at, then, { type: "cpu_pte_change", mm: SCENARIO_MM, region: null, entries });
  },
});

/** Where the region's last callback has returned, the device is cleared at last. */
const clearsLate: MicroStep = {
  run(at) {
    const { start, last } = peekNotifier(at.state, at.mm.subs?.tree[0] as Called);
    return move(at, "inv_end_late", {
      type: "device_unmap",
      mirror: mirrorOfNotifier(at, at.mm.subs?.tree[0] as Called),
      startPage: pageOf(start),
      endPageExclusive: pageOf(last) + 1,
    });
  },
};

/** The callback waits for its lock, whatever the region allows. */
const SLEEPS_FOR_LOCK: Labels = {
  cb_lock: {
    blockedOn: (at) => blockedIf(isLocked(at, called(at)), "driver_lock"),
    run: step("cb_lock").run,
  },
};

/** The mutants of the caller: where its page table changes. */
const CALLER_MUTANTS: readonly Mutant[] = [
  {
    id: "K-S8",
    title: "A page table entry changes before START.",
    source: "protocol.md 8.3",
    scenario: "K-P1",
    rule: "K-I14",
    labels: {
      inv_start: changesPageZero("inv_start_late", false),
      inv_start_late: START_LABELS["inv_start"] as MicroStep,
      cpu_change: nothing(() => "next"),
    },
    points: ["inv_start_late"],
  },
  {
    id: "core-change-before-callbacks",
    title: "A page table entry changes between START and the callbacks.",
    source: "Documentation/mm/mmu_notifier.rst; protocol.md part 3, K-I16",
    scenario: "K-P1",
    rule: "K-I16",
    labels: {
      cb_enter: {
        run(at) {
          const region = currentRegion(at);
          const old = entryOf(at.mm.cpu, 0);
          const entries: PageEntry[] = old === 0 ? [] : [[0, old + at.scenario.pages]];
          const type = "cpu_pte_change" as const;
          return move(at, "cb_enter_late", { type, mm: SCENARIO_MM, region: region.id, entries });
        },
      },
      cb_enter_late: step("cb_enter"),
      cpu_change: nothing(() => "next"),
    },
  },
];

/** The mutants of the callback. */
const DRIVER_MUTANTS: readonly Mutant[] = [
  {
    id: "K-S4",
    title: "The callback omits mmu_interval_set_seq.",
    source: "protocol.md 8.3; peer-3",
    scenario: "K-P1",
    rule: "K-I14",
    driver: { bug: "no_set_seq" },
  },
  {
    id: "K-S5",
    title: "mmu_interval_set_seq comes after the driver's unlock.",
    source: "protocol.md 8.3",
    scenario: "K-P1",
    rule: "K-I14",
    driver: { bug: "set_seq_after_unlock" },
  },
  {
    id: "K-S6",
    title: "mmu_interval_set_seq comes before the driver's lock, and the zap under it.",
    source: "protocol.md 8.3: a breach of the contract, no violation",
    scenario: "K-P2",
    rule: null,
    breaksNothing: "observably-equivalent",
    labels: {
      cb_enter: led(step("cb_enter"), (then) => (then === "cb_lock" ? "cb_set_seq" : then)),
      cb_set_seq: led(step("cb_set_seq"), () => "cb_lock"),
      cb_lock: led(step("cb_lock"), (then) => (then === "cb_set_seq" ? "cb_clear" : then)),
    },
  },
  {
    id: "K-Z16",
    title: "The callback of a non-blockable region takes the lock, answers false and keeps it.",
    source: "7608bf40cf24",
    scenario: "K-P8",
    rule: "K-I22",
    labels: {
      cb_lock: {
        ...step("cb_lock"),
        run(at, branch) {
          const made = step("cb_lock").run(at, branch);
          const keeps = made.type === "driver_trylock_fail" && !isLocked(at, called(at));
          return keeps ? { ...made, type: "driver_lock" } : made;
        },
      },
    },
  },
  {
    id: "K-Z25",
    title: "The callback sleeps for its lock in a non-blockable region, too.",
    source: "93065ac753e4",
    scenario: "K-P8",
    rule: "K-I22",
    labels: SLEEPS_FOR_LOCK,
  },
  {
    id: "K-Z31",
    title: "The change of K-Z25, as the callback of kfd_svm.c has it.",
    source: "drivers/gpu/drm/amd/amdkfd/kfd_svm.c, 6.1",
    scenario: "K-P8",
    rule: "K-I22",
    claim:
      "By reading only: that callback takes sleeping locks without looking whether the region is blockable. The model shows that it then sleeps where it may not; nothing is claimed about what comes of it.",
    labels: SLEEPS_FOR_LOCK,
  },
  {
    id: "K-Z20",
    title: "The callback sets the sequence and puts the zap off until the region's end.",
    source: "ba767b9d01a2",
    scenario: "K-P1",
    rule: "K-I14",
    labels: {
      cb_clear: nothing(() => "cb_unlock"),
      inv_end: clearsLate,
      inv_end_late: END_LABELS["inv_end"] as MicroStep,
    },
  },
  {
    id: "K-Z29",
    title: "The callback skips a MIGRATE region of its own device, mmu_interval_set_seq included.",
    source: "lib/test_hmm.c, dmirror_interval_invalidate",
    scenario: "race/migrate",
    rule: "K-I14",
    claim:
      "Reachable in the model of Linux 6.1 with the self-test driver's filter: a reader that looked its page up before the migration stores the old page after it. A recording of a booted 6.1 kernel shows the same store. No upstream report is known; only the self-test driver is meant.",
    labels: {
      cb_enter: led(step("cb_enter"), (then, at) =>
        currentRegion(at).event === "MIGRATE" ? "cb_return" : then,
      ),
    },
  },
  {
    id: "driver-callback-without-lock",
    title: "The callback takes no lock, so it may come between the check and the store.",
    source: "../shared/vectors, callback_without_lock",
    scenario: "K-P1",
    rule: "K-I14",
    driver: { bug: "callback_without_lock" },
  },
  {
    id: "driver-callback-clears-nothing",
    title: "The callback sets the sequence and clears nothing.",
    source: "../shared/vectors, callback_clears_nothing",
    scenario: "K-P1",
    rule: "K-I14",
    driver: { bug: "callback_clears_nothing" },
  },
  {
    id: "driver-trylock-when-blockable",
    title: "The callback only tries its lock, in a blockable region, too.",
    source: "protocol.md part 3, K-I23",
    scenario: "K-P1",
    rule: "K-I23",
    labels: {
      cb_lock: {
        ...waiting(step("cb_lock")),
        run(at, branch) {
          const type = "driver_trylock_fail" as const;
          if (!isLocked(at, called(at))) return step("cb_lock").run(at, branch);
          return move(at, "cb_fail", { type, mirror: mirrorOfNotifier(at, called(at)) });
        },
      },
    },
  },
];

/** All of them. */
export const CALLBACK_MUTANTS: readonly Mutant[] = [...CALLER_MUTANTS, ...DRIVER_MUTANTS];
