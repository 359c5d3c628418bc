/**
 * The golden traces K-G1 to K-G8 of protocol.md, part 12, value by value.
 *
 * N covers pages 0 to 3; only page 0 is present, its frame is the trace's "PTE ver", and `dev` is the
 * frame that the device maps ("N@v2" is 2).
 */
import { describe } from "vitest";
import { litmus } from "../support/litmus.ts";
import { fault, insert, N, register, remove, section, start } from "../support/operations.ts";

const near = { N: [0, 4] } as const;
const both = { M: [8, 12], N: [0, 4] } as const;
const far = { M: [8, 12] } as const;

describe("golden traces", () => {
  litmus("K-G1: a reader that began before a collision retries and stores the new frame", {
    notifiers: near,
    present: 1,
    actors: { R: [fault(N)], A: section(1, 0, 4) },
    rows: `
      | R                 | A          | seq | active | tree | deferred | N.seq | dev | pte | says       |
      |                   |            | 2   | 0      | N    | -        | 1     | -   | 1   |            |
      | read_begin        |            |     |        |      |          |       |     |     | goes on    |
      | fault_cpu_read    |            |     |        |      |          |       |     |     |            |
      |                   | inv_start  | 3   | 1      |      |          |       |     |     | calls N    |
      |                   | cb_lock    |     |        |      |          |       |     |     |            |
      |                   | cb_set_seq |     |        |      |          | 3     |     |     |            |
      |                   | cb_clear   |     |        |      |          |       |     |     |            |
      |                   | cb_unlock  |     |        |      |          |       |     |     |            |
      | fault_lock        |            |     |        |      |          |       |     |     |            |
      | fault_retry_check |            |     |        |      |          |       |     |     | retry      |
      | fault_unlock      |            |     |        |      |          |       |     |     |            |
      | read_begin        |            |     |        |      |          |       |     |     | sleeps     |
      | (read_begin)      | cpu_change |     |        |      |          |       |     | 2   |            |
      |                   | inv_end    | 4   | 0      |      |          |       |     |     | wakes      |
      | read_begin_wake   |            |     |        |      |          |       |     |     |            |
      | fault_cpu_read    |            |     |        |      |          |       |     |     |            |
      | fault_lock        |            |     |        |      |          |       |     |     |            |
      | fault_retry_check |            |     |        |      |          |       |     |     | no retry   |
      | fault_store       |            |     |        |      |          |       | 2   |     | stores 0@2 |
      | fault_unlock      |            |     |        |      |          |       |     |     |            |`,
  });

  litmus("K-G2: a store between a start and its callback is legal, and the callback clears it", {
    notifiers: near,
    present: 1,
    actors: { R: [fault(N)], A: section(1, 0, 4) },
    rows: `
      | R                 | A                   | seq | active | N.seq | dev | pte | says       |
      |                   |                     | 2   | 0      | 1     | -   | 1   |            |
      | read_begin        |                     |     |        |       |     |     | goes on    |
      | fault_cpu_read    |                     |     |        |       |     |     |            |
      |                   | inv_start           | 3   | 1      |       |     |     | calls N    |
      | fault_lock        |                     |     |        |       |     |     |            |
      | fault_retry_check |                     |     |        |       |     |     | no retry   |
      | fault_store       | (driver_lock)       |     |        |       | 1   |     | stores 0@1 |
      | fault_unlock      |                     |     |        |       |     |     |            |
      |                   | cb_lock..cb_set_seq |     |        | 3     |     |     |            |
      |                   | cb_clear            |     |        |       | -   |     |            |
      |                   | cb_unlock           |     |        |       |     |     |            |
      |                   | cpu_change          |     |        |       |     | 2   |            |
      |                   | inv_end             | 4   | 0      |       |     |     | wakes      |`,
  });

  litmus("K-G3: two regions share one epoch, and N waits for the far one", {
    notifiers: both,
    present: 1,
    actors: { R: [fault(N)], A: section(1, 0, 4), B: section(2, 8, 12) },
    rows: `
      | R                 | A                  | B                  | seq | active | tree | M.seq | N.seq | dev | pte | says       |
      |                   |                    |                    | 2   | 0      | N M  | 1     | 1     | -   | 1   |            |
      |                   | inv_start          |                    | 3   | 1      |      |       |       |     |     | calls N    |
      |                   | cb_lock..cb_unlock |                    |     |        |      |       | 3     |     |     |            |
      |                   |                    | inv_start          |     | 2      |      |       |       |     |     | calls M    |
      |                   |                    | cb_lock..cb_unlock |     |        |      | 3     |       |     |     |            |
      |                   | cpu_change         |                    |     |        |      |       |       |     | 2   |            |
      |                   | inv_end            |                    |     | 1      |      |       |       |     |     |            |
      | read_begin        |                    |                    |     |        |      |       |       |     |     | sleeps     |
      | (read_begin)      |                    | cpu_change         |     |        |      |       |       |     |     |            |
      |                   |                    | inv_end            | 4   | 0      |      |       |       |     |     | wakes      |
      | read_begin_wake   |                    |                    |     |        |      |       |       |     |     |            |
      | fault_cpu_read    |                    |                    |     |        |      |       |       |     |     |            |
      | fault_lock        |                    |                    |     |        |      |       |       |     |     |            |
      | fault_retry_check |                    |                    |     |        |      |       |       |     |     | no retry   |
      | fault_store       |                    |                    |     |        |      |       |       | 2   |     | stores 0@2 |
      | fault_unlock      |                    |                    |     |        |      |       |       |     |     |            |`,
  });

  litmus("K-G4: an insert into a frozen tree is deferred, and the last end applies it", {
    notifiers: far,
    present: 1,
    actors: { I: [insert(N, 0, 4), fault(N)], A: section(1, 0, 12) },
    rows: `
      | I                 | A                  | seq | active | tree | deferred | M.seq | N.seq | dev | pte | says             |
      |                   |                    | 2   | 0      | M    | -        | 1     | -     | -   | 1   |                  |
      |                   | inv_start          | 3   | 1      |      |          |       |       |     |     | calls M          |
      | insert            |                    |     |        |      | +N       |       | 3     |     |     |                  |
      | read_begin        |                    |     |        |      |          |       |       |     |     | sleeps           |
      | (read_begin)      | cb_lock..cb_unlock |     |        |      |          | 3     |       |     |     |                  |
      |                   | cpu_change         |     |        |      |          |       |       |     | 2   |                  |
      |                   | inv_end            | 4   | 0      | N M  | -        |       |       |     |     | applies N, wakes |
      | read_begin_wake   |                    |     |        |      |          |       |       |     |     |                  |
      | fault_cpu_read    |                    |     |        |      |          |       |       |     |     |                  |
      | fault_lock        |                    |     |        |      |          |       |       |     |     |                  |
      | fault_retry_check |                    |     |        |      |          |       |       |     |     | no retry         |
      | fault_store       |                    |     |        |      |          |       |       | 2   |     | stores 0@2       |
      | fault_unlock      |                    |     |        |      |          |       |       |     |     |                  |`,
  });

  litmus("K-G5: an insert while a region is open that hit nothing makes the sequence odd", {
    notifiers: far,
    present: 1,
    actors: { I: [insert(N, 0, 4), fault(N)], A: section(1, 0, 4) },
    rows: `
      | I                 | A          | seq | active | tree | deferred | M.seq | N.seq | dev | pte | says       |
      |                   |            | 2   | 0      | M    | -        | 1     | -     | -   | 1   |            |
      |                   | inv_start  |     | 1      |      |          |       |       |     |     |            |
      | insert            |            | 3   |        | N M  |          |       | 3     |     |     |            |
      | read_begin        |            |     |        |      |          |       |       |     |     | sleeps     |
      | (read_begin)      | cpu_change |     |        |      |          |       |       |     | 2   |            |
      |                   | inv_end    | 4   | 0      |      |          |       |       |     |     | wakes      |
      | read_begin_wake   |            |     |        |      |          |       |       |     |     |            |
      | fault_cpu_read    |            |     |        |      |          |       |       |     |     |            |
      | fault_lock        |            |     |        |      |          |       |       |     |     |            |
      | fault_retry_check |            |     |        |      |          |       |       |     |     | no retry   |
      | fault_store       |            |     |        |      |          |       |       | 2   |     | stores 0@2 |
      | fault_unlock      |            |     |        |      |          |       |       |     |     |            |`,
  });

  litmus("K-G6: a removal from a frozen tree is still called back, and returns after the epoch", {
    notifiers: both,
    present: 1,
    actors: { X: [remove(N)], A: section(1, 0, 4), B: section(2, 8, 12) },
    rows: `
      | X                            | A                  | B                  | seq | active | tree | deferred | M.seq | N.seq | pte | says             |
      |                              |                    |                    | 2   | 0      | N M  | -        | 1     | 1     | 1   |                  |
      |                              |                    | inv_start          | 3   | 1      |      |          |       |       |     | calls M          |
      | remove_begin..teardown_clear |                    |                    |     |        |      |          |       |       |     |                  |
      | remove                       |                    |                    |     |        |      | -N       |       |       |     |                  |
      | (remove)                     | inv_start          |                    |     | 2      |      |          |       |       |     | calls N          |
      |                              | cb_lock..cb_unlock |                    |     |        |      |          |       | 3     |     |                  |
      |                              | cpu_change         |                    |     |        |      |          |       |       | 2   |                  |
      | (remove)                     | inv_end            |                    |     | 1      |      |          |       |       |     |                  |
      |                              |                    | cb_lock..cb_unlock |     |        |      |          | 3     |       |     |                  |
      | (remove)                     |                    | cpu_change         |     |        |      |          |       |       |     |                  |
      |                              |                    | inv_end            | 4   | 0      | M    | -        |       |       |     | applies N, wakes |
      | remove_wake                  |                    |                    |     |        |      |          |       |       |     |                  |`,
  });

  litmus("K-G7: a refused non-blockable start is rolled back, and the reader's store stands", {
    notifiers: near,
    present: 1,
    actors: { R: [fault(N)], A: section(1, 0, 4, { blockable: false }) },
    rows: `
      | R                 | A         | seq | active | N.seq | dev | pte | says          |
      |                   |           | 2   | 0      | 1     | -   | 1   |               |
      | read_begin        |           |     |        |       |     |     | goes on       |
      | fault_cpu_read    |           |     |        |       |     |     |               |
      | fault_lock        |           |     |        |       |     |     |               |
      |                   | inv_start | 3   | 1      |       |     |     | calls N       |
      |                   | cb_lock   |     |        |       |     |     |               |
      |                   | inv_abort | 4   | 0      |       |     |     | wakes, rc -11 |
      | fault_retry_check |           |     |        |       |     |     | no retry      |
      | fault_store       |           |     |        |       | 1   |     | stores 0@1    |
      | fault_unlock      |           |     |        |       |     |     |               |
      |                   | skip      |     |        |       |     |     | not_started   |
      |                   | skip      |     |        |       |     |     | not_started   |`,
  });

  litmus(
    "K-G8: a refusal by the plain list leaks the count, and the next inserter's reader hangs",
    {
      notifiers: far,
      setUp: [register(1)],
      present: 1,
      actors: { I: [insert(N, 0, 4), fault(N)], A: [start(1, 0, 4, { blockable: false })] },
      rows: `
      | I            | A            | seq | active | tree | M.seq | N.seq | dev | pte | says                       |
      |              |              | 2   | 0      | M    | 1     | -     | -   | 1   |                            |
      |              | inv_start    |     | 1      |      |       |       |     |     |                            |
      |              | mn_start_cb! |     |        |      |       |       |     |     | start of 1 refuses, rc -11 |
      | insert       |              | 3   |        | N M  |       | 3     |     |     |                            |
      | read_begin   |              |     |        |      |       |       |     |     | sleeps                     |
      | (read_begin) |              |     |        |      |       |       |     |     |                            |`,
      violates: ["K-I3", "K-I24"],
      stuck: ["I"],
    },
  );
});
