/**
 * What a reader is told: read_begin waits for the epoch that its notifier has acknowledged, and the
 * retry check compares with the notifier's number only (protocol.md 2.6, 2.7, part 9 no. 1, 4 to 6).
 */
import { describe } from "vitest";
import { litmus } from "../support/litmus.ts";
import { change, end, fault, N, section, start } from "../support/operations.ts";

const near = { N: [0, 4] } as const;
const both = { N: [0, 4], M: [8, 12] } as const;

describe("reading", () => {
  litmus("a fresh notifier's number is odd, an idle mm's is even, so a reader goes on", {
    notifiers: near,
    present: 1,
    actors: { R: [fault(N)] },
    rows: `
      | R                 | seq | N.seq | dev | says       |
      |                   | 2   | 1     | -   |            |
      | read_begin        |     |       |     | goes on    |
      | fault_cpu_read    |     |       |     |            |
      | fault_lock        |     |       |     |            |
      | fault_retry_check |     |       |     | no retry   |
      | fault_store       |     |       | 1   | stores 0@1 |`,
  });

  litmus("a reader that began before the invalidation retries", {
    notifiers: near,
    present: 1,
    actors: { R: [fault(N)], A: section(1, 0, 4) },
    rows: `
      | R                          | A                  | seq | N.seq | dev | pte | says       |
      |                            |                    | 2   | 1     | -   | 1   |            |
      | read_begin                 |                    |     |       |     |     | goes on    |
      | fault_cpu_read             |                    |     |       |     |     |            |
      |                            | inv_start          | 3   |       |     |     | calls N    |
      |                            | cb_lock..cb_unlock |     | 3     |     |     |            |
      |                            | cpu_change         |     |       |     | 2   |            |
      |                            | inv_end            | 4   |       |     |     | wakes      |
      | fault_lock                 |                    |     |       |     |     |            |
      | fault_retry_check          |                    |     |       |     |     | retry      |
      | fault_unlock               |                    |     |       |     |     |            |
      | read_begin                 |                    |     |       |     |     | goes on    |
      | fault_cpu_read..fault_lock |                    |     |       |     |     |            |
      | fault_retry_check          |                    |     |       |     |     | no retry   |
      | fault_store                |                    |     |       | 2   |     | stores 0@2 |`,
  });

  litmus("read_begin does not wait between START and its own callback", {
    notifiers: near,
    present: 1,
    actors: { R: [fault(N)], A: section(1, 0, 4) },
    rows: `
      | R                          | A                  | seq | N.seq | dev | says    |
      |                            |                    | 2   | 1     | -   |         |
      |                            | inv_start          | 3   |       |     | calls N |
      | read_begin                 |                    |     |       |     | goes on |
      |                            | cb_lock..cb_unlock |     | 3     |     |         |
      | fault_cpu_read..fault_lock |                    |     |       |     |         |
      | fault_retry_check          |                    |     |       |     | retry   |`,
  });

  litmus("a reader waits for an unrelated region of the same epoch", {
    notifiers: both,
    actors: { R: [fault(N)], A: section(1, 0, 4), B: section(2, 8, 12) },
    rows: `
      | R            | A                  | B         | seq | active | M.seq | N.seq | says    |
      |              |                    |           | 2   | 0      | 1     | 1     |         |
      |              | inv_start          |           | 3   | 1      |       |       | calls N |
      |              | cb_lock..cb_unlock |           |     |        |       | 3     |         |
      |              |                    | inv_start |     | 2      |       |       | calls M |
      |              | cpu_change         |           |     |        |       |       |         |
      |              | inv_end            |           |     | 1      |       |       |         |
      | read_begin   |                    |           |     |        |       |       | sleeps  |
      | (read_begin) |                    |           |     |        |       |       |         |`,
  });

  litmus("a reader whose notifier no open region touches goes on although the sequence is odd", {
    notifiers: both,
    actors: { R: [fault(N)], B: section(2, 8, 12) },
    rows: `
      | R                          | B                  | seq | M.seq | N.seq | says     |
      |                            |                    | 2   | 1     | 1     |          |
      |                            | inv_start          | 3   |       |       | calls M  |
      |                            | cb_lock..cb_unlock |     | 3     |       |          |
      | read_begin                 |                    |     |       |       | goes on  |
      | fault_cpu_read..fault_lock |                    |     |       |       |          |
      | fault_retry_check          |                    |     |       |       | no retry |`,
  });

  litmus("only the last end wakes", {
    notifiers: both,
    actors: { R: [fault(N)], A: section(1, 0, 4), B: section(2, 0, 1), C: section(3, 6, 7) },
    rows: `
      | R               | A                  | B                  | C          | seq | active | N.seq | says    |
      |                 |                    |                    |            | 2   | 0      | 1     |         |
      |                 | inv_start          |                    |            | 3   | 1      |       | calls N |
      |                 | cb_lock..cb_unlock |                    |            |     |        | 3     |         |
      | read_begin      |                    |                    |            |     |        |       | sleeps  |
      |                 |                    | inv_start          |            |     | 2      |       | calls N |
      |                 |                    |                    | inv_start  |     | 3      |       |         |
      |                 | cpu_change         |                    |            |     |        |       |         |
      | (read_begin)    | inv_end            |                    |            |     | 2      |       |         |
      |                 |                    | cb_lock..cb_unlock |            |     |        |       |         |
      |                 |                    | cpu_change         |            |     |        |       |         |
      | (read_begin)    |                    | inv_end            |            |     | 1      |       |         |
      |                 |                    |                    | cpu_change |     |        |       |         |
      |                 |                    |                    | inv_end    | 4   | 0      |       | wakes   |
      | read_begin_wake |                    |                    |            |     |        |       |         |`,
  });

  litmus("overlapping regions one after the other keep a reader asleep", {
    notifiers: both,
    actors: {
      R: [fault(N)],
      A: [...section(1, 0, 4), ...section(3, 8, 9)],
      B: [...section(2, 8, 12), ...section(4, 9, 10)],
    },
    rows: `
      | R            | A                   | B                   | seq | active | says    |
      |              |                     |                     | 2   | 0      |         |
      |              | inv_start           |                     | 3   | 1      | calls N |
      |              | cb_lock..cb_unlock  |                     |     |        |         |
      | read_begin   |                     |                     |     |        | sleeps  |
      |              |                     | inv_start           |     | 2      | calls M |
      |              | cpu_change..inv_end |                     |     | 1      |         |
      |              |                     | cb_lock..cb_unlock  |     |        |         |
      |              | inv_start           |                     |     | 2      | calls M |
      | (read_begin) |                     | cpu_change..inv_end |     | 1      |         |
      |              | cb_lock..cb_unlock  |                     |     |        |         |
      |              |                     | inv_start           |     | 2      | calls M |
      | (read_begin) | cpu_change..inv_end |                     |     | 1      |         |
      |              |                     | cb_lock..cb_unlock  |     |        |         |
      | (read_begin) |                     | cpu_change          |     |        |         |
      |              |                     | inv_end             | 4   | 0      | wakes   |`,
  });

  litmus(
    "a sleeper keeps its number, and does not go back to sleep when the mm invalidates again",
    {
      notifiers: near,
      actors: { R: [fault(N)], A: section(1, 0, 4), B: section(2, 0, 4) },
      rows: `
      | R                          | A                   | B                  | seq | N.seq | says    |
      |                            |                     |                    | 2   | 1     |         |
      |                            | inv_start           |                    | 3   |       | calls N |
      |                            | cb_lock..cb_unlock  |                    |     | 3     |         |
      | read_begin                 |                     |                    |     |       | sleeps  |
      |                            | cpu_change..inv_end |                    | 4   |       | wakes   |
      |                            |                     | inv_start          | 5   |       | calls N |
      | read_begin_wake            |                     |                    |     |       |         |
      |                            |                     | cb_lock..cb_unlock |     | 5     |         |
      | fault_cpu_read..fault_lock |                     |                    |     |       |         |
      | fault_retry_check          |                     |                    |     |       | retry   |`,
    },
  );

  litmus("the early check's true spares the lock, its false is only a hint", {
    notifiers: near,
    driver: { earlyCheck: true },
    actors: { R: [fault(N)], A: [...section(1, 0, 4), ...section(2, 0, 4)] },
    rows: `
      | R                 | A                   | seq | N.seq | says     |
      |                   |                     | 2   | 1     |          |
      | read_begin        |                     |     |       | goes on  |
      | fault_cpu_read    |                     |     |       |          |
      |                   | inv_start           | 3   |       | calls N  |
      |                   | cb_lock..cb_unlock  |     | 3     |          |
      | fault_check_retry |                     |     |       | retry    |
      |                   | cpu_change..inv_end | 4   |       | wakes    |
      | read_begin        |                     |     |       | goes on  |
      | fault_cpu_read    |                     |     |       |          |
      | fault_check_retry |                     |     |       | no retry |
      |                   | inv_start           | 5   |       | calls N  |
      |                   | cb_lock..cb_unlock  |     | 5     |          |
      | fault_lock        |                     |     |       |          |
      | fault_retry_check |                     |     |       | retry    |`,
  });

  litmus("a fault that collides in its last pass gives up", {
    notifiers: near,
    driver: { maxTries: 1 },
    actors: { R: [fault(N)], A: [start(1, 0, 4), change(1), end(1)] },
    rows: `
      | R                                 | A                  | device | says    |
      |                                   |                    | -      |         |
      | read_begin                        |                    |        | goes on |
      |                                   | inv_start          |        | calls N |
      |                                   | cb_lock..cb_unlock |        |         |
      | fault_cpu_read..fault_retry_check |                    |        | retry   |
      | fault_unlock                      |                    |        | gave_up |`,
  });
});
