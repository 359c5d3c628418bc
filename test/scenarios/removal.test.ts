/**
 * Removal: immediate, cancelled or deferred (protocol.md 2.9, part 9 no. 8 to 10).
 */
import { describe, expect } from "vitest";
import { litmus } from "../support/litmus.ts";
import { fault, insert, N, remove, section } from "../support/operations.ts";

const both = { N: [0, 4], M: [8, 12] } as const;

describe("removal", () => {
  litmus("on an even sequence it is immediate and gives the reference back", {
    notifiers: both,
    actors: { X: [remove(N)] },
    rows: `
      | X                            | tree | count |
      |                              | N M  | 3     |
      | remove_begin..teardown_clear |      |       |
      | remove                       | M    | 2     |`,
  });

  litmus("a deferred removal is still called back by a region that starts after it", {
    notifiers: both,
    actors: { B: section(2, 8, 12), X: [remove(N)], A: section(1, 0, 4) },
    rows: `
      | B                | X                    | A                   | seq | tree | deferred | N.seq | says             |
      |                  |                      |                     | 2   | N M  | -        | 1     |                  |
      | inv_start        |                      |                     | 3   |      |          |       | calls M          |
      |                  | remove_begin..remove |                     |     |      | -N       |       |                  |
      |                  | (remove)             | inv_start           |     |      |          |       | calls N          |
      |                  |                      | cb_lock..cb_unlock  |     |      |          | 3     |                  |
      |                  |                      | cpu_change..inv_end |     |      |          |       |                  |
      | cb_lock..inv_end |                      |                     | 4   | M    | -        |       | applies N, wakes |
      |                  | remove_wake          |                     |     |      |          |       |                  |`,
  });

  litmus("a removal waits in any odd epoch, whichever range is invalidated", {
    notifiers: both,
    actors: { B: section(2, 8, 12), X: [remove(N)] },
    rows: `
      | B                  | X                    | seq | tree | deferred |
      |                    |                      | 2   | N M  | -        |
      | inv_start          |                      | 3   |      |          |
      |                    | remove_begin..remove |     |      | -N       |
      | cb_lock..cb_unlock | (remove)             |     |      |          |
      | cpu_change         | (remove)             |     |      |          |
      | inv_end            |                      | 4   | M    | -        |
      |                    | remove_wake          |     |      |          |`,
  });

  litmus("a removal of a pending insert takes it off the list and returns at once", {
    notifiers: { M: [8, 12] },
    actors: { A: section(1, 8, 12), I: [insert(N, 0, 4), remove(N)] },
    rows: `
      | A                | I                            | seq | tree | deferred | count | says    |
      |                  |                              | 2   | M    | -        | 2     |         |
      | inv_start        |                              | 3   |      |          |       | calls M |
      |                  | insert                       |     |      | +N       | 3     |         |
      |                  | remove_begin..teardown_clear |     |      |          |       |         |
      |                  | remove                       |     |      | -        | 2     |         |
      | cb_lock..inv_end |                              | 4   |      |          |       | wakes   |`,
    finally: ({ events }) => {
      expect(events.filter(({ type }) => type === "deferred_list_apply")).toEqual([]);
    },
  });

  litmus("a removal that joins an epoch in progress waits for its last end only", {
    notifiers: both,
    actors: { A: section(1, 0, 4), B: section(2, 8, 12), X: [remove(N)], C: section(3, 8, 12) },
    rows: `
      | A                | B                | X                    | C         | seq | tree | says             |
      |                  |                  |                      |           | 2   | N M  |                  |
      | inv_start        |                  |                      |           | 3   |      | calls N          |
      |                  | inv_start        |                      |           |     |      | calls M          |
      |                  |                  | remove_begin..remove |           |     |      |                  |
      | cb_lock..inv_end |                  | (remove)             |           |     |      |                  |
      |                  | cb_lock..inv_end |                      |           | 4   | M    | applies N, wakes |
      |                  |                  |                      | inv_start | 5   |      | calls M          |
      |                  |                  | remove_wake          |           |     |      |                  |`,
  });

  litmus("the driver clears its entries before it removes, and waits for running faults", {
    notifiers: both,
    present: 1,
    actors: { R: [fault(N)], X: [remove(N)] },
    rows: `
      | R                       | X              | dev | tree |
      |                         |                | -   | N M  |
      | read_begin              |                |     |      |
      |                         | remove_begin   |     |      |
      | fault_cpu_read          | (drain)        |     |      |
      | fault_lock..fault_store |                | 1   |      |
      | fault_unlock            |                |     |      |
      |                         | teardown_lock  |     |      |
      |                         | teardown_clear | -   |      |
      |                         | remove         |     | M    |`,
  });

  litmus("a fault after the removal began does not apply", {
    notifiers: both,
    actors: { X: [remove(N)], R: [fault(N)] },
    rows: `
      | X            | R    | says     |
      |              |      |          |
      | remove_begin |      |          |
      |              | skip | not_live |`,
  });
});
