/**
 * The epoch: one odd number for all regions that overlap in time (protocol.md 2.14, part 9 no. 2, 3,
 * 4, 21, 25).
 */
import { describe } from "vitest";
import { litmus } from "../support/litmus.ts";
import { change, end, insert, M, N, P, remove, section, start } from "../support/operations.ts";

const near = { N: [0, 4] } as const;
const both = { N: [0, 4], M: [8, 12] } as const;

describe("the epoch", () => {
  litmus("all regions of an epoch share one number, and it moves once", {
    notifiers: both,
    actors: { A: section(1, 0, 4), B: section(2, 8, 12) },
    rows: `
      | A                   | B                   | seq | active | N.seq | M.seq |
      |                     |                     | 2   | 0      | 1     | 1     |
      | inv_start           |                     | 3   | 1      |       |       |
      |                     | inv_start           |     | 2      |       |       |
      | cb_lock..cb_unlock  |                     |     |        | 3     |       |
      |                     | cb_lock..cb_unlock  |     |        |       | 3     |
      | cpu_change..inv_end |                     |     | 1      |       |       |
      |                     | cpu_change..inv_end | 4   | 0      |       |       |`,
  });

  litmus("a region that hits nothing leaves the sequence alone", {
    notifiers: near,
    actors: { A: section(1, 6, 8) },
    rows: `
      | A          | seq | active | says |
      |            | 2   | 0      |      |
      | inv_start  |     | 1      |      |
      | cpu_change |     |        |      |
      | inv_end    |     | 0      |      |`,
  });

  litmus("a region that hits nothing still delays the end of an epoch that another one began", {
    notifiers: near,
    actors: { A: section(1, 0, 4), B: section(2, 6, 8) },
    rows: `
      | A                   | B                   | seq | active | says    |
      |                     |                     | 2   | 0      |         |
      |                     | inv_start           |     | 1      |         |
      | inv_start           |                     | 3   | 2      | calls N |
      | cb_lock..cb_unlock  |                     |     |        |         |
      | cpu_change..inv_end |                     |     | 1      |         |
      |                     | cpu_change..inv_end | 4   | 0      | wakes   |`,
  });

  litmus("an even sequence lets the tree change although a region is open", {
    notifiers: both,
    actors: { A: section(1, 6, 8), X: [remove(N)] },
    rows: `
      | A                   | X                            | seq | active | tree | deferred |
      |                     |                              | 2   | 0      | N M  | -        |
      | inv_start           |                              |     | 1      |      |          |
      |                     | remove_begin..teardown_clear |     |        |      |          |
      |                     | remove                       |     |        | M    |          |
      | cpu_change..inv_end |                              |     | 0      |      |          |`,
  });

  litmus("a region hits a notifier by its closed interval, and ends before its own end", {
    notifiers: { N: [4, 8] },
    actors: { A: section(1, 0, 4), B: section(2, 7, 9), C: section(3, 8, 9) },
    rows: `
      | A         | B         | C         | seq | active | says    |
      |           |           |           | 2   | 0      |         |
      | inv_start |           |           |     | 1      |         |
      |           |           | inv_start |     | 2      |         |
      |           | inv_start |           | 3   | 3      | calls N |`,
  });

  litmus("regions nest in one task and need not end in the reverse order", {
    notifiers: both,
    actors: {
      A: [start(1, 0, 4), start(2, 8, 12), change(1), end(1), change(2), end(2)],
    },
    rows: `
      | A                  | seq | active | open | says    |
      |                    | 2   | 0      | 0    |         |
      | inv_start          | 3   | 1      | 1    | calls N |
      | cb_lock..cb_unlock |     |        |      |         |
      | inv_start          |     | 2      | 2    | calls M |
      | cb_lock..cb_unlock |     |        |      |         |
      | cpu_change         |     |        |      |         |
      | inv_end            |     | 1      | 1    |         |
      | cpu_change         |     |        |      |         |
      | inv_end            | 4   | 0      | 0    | wakes   |`,
  });

  litmus("a blockable region may nest in a non-blockable one", {
    notifiers: both,
    actors: {
      A: [start(1, 0, 4, { blockable: false }), start(2, 8, 12), end(2), change(1), end(1)],
    },
    rows: `
      | A                  | seq | active | N.seq | M.seq | says    |
      |                    | 2   | 0      | 1     | 1     |         |
      | inv_start          | 3   | 1      |       |       | calls N |
      | cb_lock..cb_unlock |     |        | 3     |       |         |
      | inv_start          |     | 2      |       |       | calls M |
      | cb_lock..cb_unlock |     |        |       | 3     |         |
      | inv_end            |     | 1      |       |       |         |
      | cpu_change         |     |        |       |       |         |
      | inv_end            | 4   | 0      |       |       | wakes   |`,
  });

  litmus("callbacks come in the order of the tree: by start, equal starts as they entered", {
    notifiers: { M: [2, 4], N: [0, 4], P: [2, 3] },
    actors: { A: section(1, 0, 12) },
    rows: `
      | A                  | tree  | says    |
      |                    | N M P |         |
      | inv_start          |       | calls N |
      | cb_lock..cb_unlock |       | calls M |
      | cb_lock..cb_unlock |       | calls P |
      | cb_lock..cb_unlock |       |         |`,
  });

  litmus("a second epoch begins after the first, with the next odd number", {
    notifiers: near,
    actors: {
      A: [...section(1, 0, 4), ...section(2, 0, 4)],
      I: [insert(M, 8, 9), insert(P, 9, 10)],
    },
    rows: `
      | A                  | I      | seq | N.seq | M.seq | P.seq |
      |                    |        | 2   | 1     | -     | -     |
      | inv_start..inv_end |        | 4   | 3     |       |       |
      |                    | insert |     |       | 3     |       |
      | inv_start..inv_end |        | 6   | 5     |       |       |
      |                    | insert |     |       |       | 5     |`,
  });
});
