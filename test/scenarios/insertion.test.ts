/**
 * Insertion in its three cases, and the deferred list (protocol.md 2.8, part 9 no. 3, 7, 8).
 */
import { describe, expect } from "vitest";
import { litmus } from "../support/litmus.ts";
import { insert, M, N, P, remove, section } from "../support/operations.ts";

const far = { M: [8, 12] } as const;

describe("insertion", () => {
  litmus("on an idle mm the notifier gets the number before the mm's and is in the tree", {
    notifiers: far,
    actors: { I: [insert(N, 0, 4)] },
    rows: `
      | I      | seq | tree | N.seq | count |
      |        | 2   | M    | -     | 2     |
      | insert |     | N M  | 1     | 3     |`,
  });

  litmus("an insert while a region is open and nothing was hit makes the sequence odd", {
    notifiers: far,
    actors: { A: section(1, 0, 4), I: [insert(N, 0, 4)] },
    rows: `
      | A          | I      | seq | active | tree | deferred | N.seq | says  |
      |            |        | 2   | 0      | M    | -        | -     |       |
      | inv_start  |        |     | 1      |      |          |       |       |
      |            | insert | 3   |        | N M  |          | 3     |       |
      | cpu_change |        |     |        |      |          |       |       |
      | inv_end    |        | 4   | 0      |      |          |       | wakes |`,
  });

  litmus("after such an insert later inserts and removals are deferred for the whole mm", {
    notifiers: far,
    actors: { A: section(1, 0, 4), I: [insert(N, 0, 4), insert(P, 5, 6)], X: [remove(M)] },
    rows: `
      | A          | I      | X                    | seq | tree | deferred | says                        |
      |            |        |                      | 2   | M    | -        |                             |
      | inv_start  |        |                      |     |      |          |                             |
      |            | insert |                      | 3   | N M  |          |                             |
      |            | insert |                      |     |      | +P       |                             |
      |            |        | remove_begin..remove |     |      | -M +P    |                             |
      | cpu_change |        | (remove)             |     |      |          |                             |
      | inv_end    |        |                      | 4   | N P  | -        | applies M, applies P, wakes |`,
  });

  litmus("the deferred list is applied last in, first out", {
    notifiers: { M: [0, 4] },
    actors: { A: section(1, 0, 4), I: [insert(N, 6, 8), insert(P, 4, 6)] },
    rows: `
      | A                  | I      | tree  | deferred | says                        |
      |                    |        | M     | -        |                             |
      | inv_start          |        |       |          | calls M                     |
      |                    | insert |       | +N       |                             |
      |                    | insert |       | +P +N    |                             |
      | cb_lock..cb_unlock |        |       |          |                             |
      | cpu_change         |        |       |          |                             |
      | inv_end            |        | M P N | -        | applies P, applies N, wakes |`,
  });

  litmus(
    "two deferred inserts with equal starts end up in the tree in the reverse of their calls",
    {
      notifiers: { M: [0, 4] },
      actors: { A: section(1, 0, 4), I: [insert(N, 6, 8), insert(P, 6, 8)] },
      rows: `
      | A                | I      | tree  | deferred |
      |                  |        | M     | -        |
      | inv_start        |        |       |          |
      |                  | insert |       | +N       |
      |                  | insert |       | +P +N    |
      | cb_lock..inv_end |        | M P N | -        |`,
    },
  );

  litmus("a deferred insert gets no callback, even of a region that starts after it", {
    notifiers: { M: [0, 4] },
    actors: { A: section(1, 0, 4), I: [insert(N, 6, 8)], B: section(2, 6, 8), C: section(3, 6, 8) },
    rows: `
      | A                | I      | B                   | C         | tree | deferred | N.seq | says             |
      |                  |        |                     |           | M    | -        | -     |                  |
      | inv_start        |        |                     |           |      |          |       | calls M          |
      |                  | insert |                     |           |      | +N       | 3     |                  |
      |                  |        | inv_start           |           |      |          |       |                  |
      |                  |        | cpu_change..inv_end |           |      |          |       |                  |
      | cb_lock..inv_end |        |                     |           | M N  | -        |       | applies N, wakes |
      |                  |        |                     | inv_start |      |          |       | calls N          |`,
  });

  litmus("a notifier inserted while a region is open is not called by that region", {
    notifiers: far,
    actors: { A: section(1, 0, 12), I: [insert(N, 0, 4)] },
    rows: `
      | A                  | I      | tree | deferred | N.seq | M.seq | says             |
      |                    |        | M    | -        | -     | 1     |                  |
      | inv_start          |        |      |          |       |       | calls M          |
      |                    | insert |      | +N       | 3     |       |                  |
      | cb_lock..cb_unlock |        |      |          |       | 3     |                  |
      | cpu_change         |        |      |          |       |       |                  |
      | inv_end            |        | N M  | -        |       |       | applies N, wakes |`,
  });

  litmus("the first insertion waits until no region is open, then makes the interval part", {
    actors: { A: section(1, 0, 4), I: [insert(N, 0, 4)] },
    rows: `
      | A          | I            | seq | active | tree | users |
      |            |              | -   | -      | -    | 1     |
      | inv_start  |              |     |        |      |       |
      |            | insert_begin |     |        |      | 2     |
      |            | mmap_lock    |     |        |      |       |
      | cpu_change | (all_locks)  |     |        |      |       |
      | inv_end    |              |     |        |      |       |
      |            | register     | 2   | 0      |      |       |
      |            | insert       |     |        | N    | 1     |`,
  });

  litmus("a failing insertion on an mm without subscriptions has created them", {
    actors: { I: [insert(N, 4, 4)] },
    rows: `
      | I                      | seq | tree | count | says   |
      |                        | -   | -    | 1     |        |
      | insert_begin..register | 2   |      |       |        |
      | insert                 |     |      |       | rc -75 |`,
    finally: ({ state }) => {
      expect(state.mms[0]?.subs?.hasItree).toBe(true);
    },
  });
});
