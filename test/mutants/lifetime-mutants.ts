/**
 * Mutants of registrations, references and the plain list.
 */
import { type Mutant, nothing } from "../support/mutant.ts";
import { insert, M, N, register, scenario, section, unregister } from "../support/operations.ts";
import type { Mutation } from "../support/run.ts";

const near = insert(N, 0, 4);
const nonblock = section(1, 0, 4, { blockable: false });

/** A failed insertion keeps the reference that it never took. */
const leaksReference = (): Mutation => ({
  patch(state, event) {
    const mm = state.mms[0];
    if (event.type === "mmu_interval_notifier_insert" && event.rc !== 0 && mm) mm.count += 1;
  },
});

/** A refused walk over the plain list returns without its ends. */
const forgetsEnds = (): Mutation => ({
  rewrite: (body) =>
    body.type === "mn_hlist_invalidate_range_start" && body.goto === "mn_undo_end_cb"
      ? [{ ...body, goto: "start_plain_unlock" }]
      : [body],
});

/** The notifier leaves the list before its release is called. */
const unlinksFirst = (): Mutation => ({
  rewrite(body) {
    if (body.type === "hlist_del_init_rcu") return [nothing(body)];
    if (body.type !== "mmu_notifier_unregister") return [body];
    const { task, mm, plain } = body;
    return [body, { type: "hlist_del_init_rcu", task, mm, plain }];
  },
});

const unregistering = scenario({ programs: [[register(0)], section(1, 0, 4), [unregister(0)]] });

/** Mutants of what lives how long. */
export const LIFETIME_MUTANTS: readonly Mutant[] = [
  {
    id: "refused-walk-without-ends",
    rule: "K-I25",
    changes: "a refused walk over the plain list returns without calling the ends",
    source: "K-Z2, c2655835fd8c",
    scenario: scenario({ programs: [[register(0), register(1)], nonblock] }),
    schedule: "0* 1 1! 1*",
    mutation: forgetsEnds,
  },
  {
    id: "failed-insert-leaks-reference",
    rule: "K-I29",
    changes: "an insertion of an empty interval keeps a reference on the mm",
    source: "K-I29, -EOVERFLOW",
    scenario: scenario({ programs: [[near], [insert(M, 4, 4)]] }),
    schedule: "0* 1*",
    mutation: leaksReference,
  },
  {
    id: "register-without-all-locks",
    rule: "K-I30",
    changes: "the first registration does not wait for open regions",
    source: "K-I30, mm_take_all_locks left out",
    scenario: scenario({ programs: [[], section(1, 0, 4), [near]] }),
    schedule: "1@cpu_change 2* 1* 2*",
    mutation: () => ({ ignores: ["all_locks"] }),
  },
  {
    id: "freed-without-grace-period",
    rule: "K-I32",
    changes: "an unregistered notifier is freed without a grace period",
    source: "K-Z5",
    scenario: unregistering,
    schedule: "0* 1@mn_start_cb 2* 1* 2*",
    mutation: () => ({ ignores: ["srcu"] }),
  },
  {
    id: "unlinked-before-release",
    rule: "K-I32",
    changes: "an unregistered notifier leaves the list before its release is called",
    source: "K-Z14, d34883d4e35c",
    scenario: unregistering,
    schedule: "0* 2* 1*",
    mutation: unlinksFirst,
  },
];
