/**
 * The end of an address space: the release, then the unmap (protocol.md 2.10, part 9 no. 7, 21, 24).
 */
import { ADDRESS_MAX, address } from "@mmreplay/events";
import { describe, expect } from "vitest";
import { litmus } from "../support/litmus.ts";
import {
  exit,
  fault,
  insert,
  insertEverything,
  N,
  register,
  remove,
  section,
} from "../support/operations.ts";

describe("the exit", () => {
  litmus("the release leaves interval notifiers registered, and their removal still works", {
    notifiers: { N: [0, 4] },
    actors: { E: [exit], X: [remove(N)] },
    rows: `
      | E                  | X                    | seq | active | tree | users | count | N.seq | says    |
      |                    |                      | 2   | 0      | N    | 1     | 2     | 1     |         |
      | exit_begin         |                      |     |        |      | 0     |       |       |         |
      | inv_start          |                      | 3   | 1      |      |       |       |       | calls N |
      | cb_lock..cb_unlock |                      |     |        |      |       |       | 3     |         |
      | inv_end            |                      | 4   | 0      |      |       |       |       | wakes   |
      | inv_start          |                      | 5   | 1      |      |       |       |       | calls N |
      | cb_lock..cb_unlock |                      |     |        |      |       |       | 5     |         |
      | cpu_change         |                      |     |        |      |       |       |       |         |
      | inv_end            |                      | 6   | 0      |      |       |       |       | wakes   |
      | exit_end           |                      |     |        |      |       | 1     |       |         |
      |                    | remove_begin..remove | -   | -      | -    |       | 0     |       |         |`,
  });

  litmus("an interval that is the byte ULONG_MAX only is missed by the exit's regions", {
    notifiers: { M: [0, 4] },
    setUp: [{ op: "insert", n: N, start: ADDRESS_MAX, length: address(1) }],
    actors: { E: [exit] },
    rows: `
      | E                  | seq | tree | M.seq | N.seq | says    |
      |                    | 2   | M N  | 1     | 1     |         |
      | exit_begin         |     |      |       |       |         |
      | inv_start          | 3   |      |       |       | calls M |
      | cb_lock..cb_unlock |     |      | 3     |       |         |
      | inv_end            | 4   |      |       |       | wakes   |
      | inv_start          | 5   |      |       |       | calls M |
      | cb_lock..cb_unlock |     |      | 5     |       |         |`,
  });

  litmus("an interval up to the byte before ULONG_MAX is told of both", {
    setUp: [insertEverything(N)],
    actors: { E: [exit] },
    rows: `
      | E                  | N.seq | says    |
      |                    | 1     |         |
      | exit_begin         |       |         |
      | inv_start          |       | calls N |
      | cb_lock..cb_unlock | 3     |         |
      | inv_end            |       | wakes   |
      | inv_start          |       | calls N |
      | cb_lock..cb_unlock | 5     |         |`,
  });

  litmus("the release misses a pending insert, and the unmap covers it", {
    notifiers: { M: [8, 12] },
    actors: { A: section(1, 8, 9), I: [insert(N, 0, 4)], E: [exit] },
    rows: `
      | A                   | I      | E                  | seq | tree | deferred | M.seq | N.seq | says             |
      |                     |        |                    | 2   | M    | -        | 1     | -     |                  |
      | inv_start           |        |                    | 3   |      |          |       |       | calls M          |
      |                     | insert |                    |     |      | +N       |       | 3     |                  |
      |                     |        | exit_begin         |     |      |          |       |       |                  |
      |                     |        | inv_start          |     |      |          |       |       | calls M          |
      |                     |        | cb_lock..cb_unlock |     |      |          | 3     |       |                  |
      |                     |        | inv_end            |     |      |          |       |       |                  |
      | cb_lock..cb_unlock  |        |                    |     |      |          |       |       |                  |
      | cpu_change..inv_end |        |                    | 4   | N M  | -        |       |       | applies N, wakes |
      |                     |        | inv_start          | 5   |      |          |       |       | calls N          |
      |                     |        | cb_lock..cb_unlock |     |      |          |       | 5     | calls M          |`,
  });

  litmus("the exit waits for insertions in progress and for regions that are open", {
    actors: { I: [insert(N, 0, 4)], A: section(1, 0, 4), E: [exit] },
    rows: `
      | I                 | A                    | E                     | users | count | open |
      |                   |                      |                       | 1     | 1     | 0    |
      | insert_begin      |                      |                       | 2     |       |      |
      |                   |                      | (mm_users)            |       |       |      |
      | mmap_lock..insert |                      |                       | 1     | 2     |      |
      |                   | inv_start..cb_unlock |                       |       |       | 1    |
      |                   |                      | exit_begin            | 0     |       |      |
      |                   |                      | inv_start..cb_unlock  |       |       |      |
      |                   |                      | inv_end               |       |       |      |
      |                   |                      | inv_start..cpu_change |       |       | 2    |
      |                   |                      | inv_end               |       |       | 1    |
      |                   |                      | (sections)            |       |       |      |
      |                   | cpu_change..inv_end  |                       |       |       | 0    |
      |                   |                      | exit_end              |       | 1     |      |`,
  });

  litmus(
    "a driver that takes no user may store between the release and the unmap, which clears it",
    {
      notifiers: { N: [0, 4] },
      present: 1,
      actors: { E: [exit], R: [fault(N), fault(N)] },
      rows: `
      | E                     | R                        | dev | says        |
      |                       |                          | -   |             |
      | exit_begin..cb_unlock |                          |     |             |
      | inv_end               |                          |     | wakes       |
      |                       | read_begin..fault_unlock | 1   |             |
      | inv_start..cb_unlock  |                          | -   |             |
      | cpu_change..inv_end   |                          |     | wakes       |
      |                       | read_begin               |     | goes on     |
      |                       | fault_cpu_read           |     | not_present |`,
      violates: ["K-I31"],
    },
  );

  litmus("the release of plain notifiers empties the list and waits for its readers", {
    setUp: [register(0), register(2)],
    actors: { E: [exit], A: section(1, 0, 4) },
    rows: `
      | E                            | A           | list | count |
      |                              |             | 2 0  | 3     |
      |                              | inv_start   |      |       |
      | exit_begin..mn_hlist_release |             | -    |       |
      | (srcu)                       | mn_start_cb |      |       |
      |                              | mn_start_cb |      |       |
      | srcu_wait                    |             |      |       |`,
    finally: ({ state }) => {
      expect(state.mms[0]?.count).toBe(2);
    },
  });
});
