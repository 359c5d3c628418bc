/**
 * The sequence wraps at 2^64; a tiny modulus makes it wrap soon (protocol.md part 0, part 9 no. 1).
 */
import { describe } from "vitest";
import { litmus } from "../support/litmus.ts";
import { fault, insert, M, N, P, section } from "../support/operations.ts";

const near = { N: [0, 4] } as const;

describe("the wrap", () => {
  litmus("an idle insert at sequence 0 gets the highest odd number", {
    notifiers: { M: [8, 12] },
    seq: 0,
    actors: { I: [insert(N, 0, 4), fault(N)] },
    rows: `
      | I          | seq | N.seq                | says    |
      |            | 0   | -                    |         |
      | insert     |     | 18446744073709551615 |         |
      | read_begin |     |                      | goes on |`,
  });

  litmus("after the highest odd number the last end gives 0", {
    notifiers: near,
    seq: 2 ** 52 - 2,
    actors: { A: section(1, 0, 4), R: [fault(N)], I: [insert(M, 8, 9)] },
    rows: `
      | A                  | R                          | I      | seq                  | N.seq                | M.seq                | says     |
      |                    |                            |        | 18446744073709551614 | 1                    | -                    |          |
      | inv_start          |                            |        | 18446744073709551615 |                      |                      | calls N  |
      | cb_lock..cb_unlock |                            |        |                      | 18446744073709551615 |                      |          |
      |                    | read_begin                 |        |                      |                      |                      | sleeps   |
      | cpu_change         | (read_begin)               |        |                      |                      |                      |          |
      | inv_end            |                            |        | 0                    |                      |                      | wakes    |
      |                    | read_begin_wake            |        |                      |                      |                      |          |
      |                    |                            | insert |                      |                      | 18446744073709551615 |          |
      |                    | fault_cpu_read..fault_lock |        |                      |                      |                      |          |
      |                    | fault_retry_check          |        |                      |                      |                      | no retry |`,
  });

  litmus("with a modulus of 8 the wrap comes soon and nothing else changes", {
    notifiers: { M: [8, 12], N: [0, 4] },
    seq: 6,
    seqModulus: 8,
    present: 1,
    actors: { A: [...section(1, 0, 4), ...section(2, 0, 4)], R: [fault(N)], I: [insert(P, 6, 7)] },
    rows: `
      | A                   | R                          | I      | seq | N.seq | P.seq | dev | says    |
      |                     |                            |        | 6   | 5     | -     | -   |         |
      |                     | read_begin                 |        |     |       |       |     | goes on |
      | inv_start           |                            |        | 7   |       |       |     | calls N |
      | cb_lock..cb_unlock  |                            |        |     | 7     |       |     |         |
      | cpu_change..inv_end |                            |        | 0   |       |       |     | wakes   |
      |                     |                            | insert |     |       | 7     |     |         |
      |                     | fault_cpu_read..fault_lock |        |     |       |       |     |         |
      |                     | fault_retry_check          |        |     |       |       |     | retry   |
      |                     | fault_unlock               |        |     |       |       |     |         |
      | inv_start           |                            |        | 1   |       |       |     | calls N |
      | cb_lock..cb_unlock  |                            |        |     | 1     |       |     |         |
      |                     | read_begin                 |        |     |       |       |     | sleeps  |
      | cpu_change..inv_end |                            |        | 2   |       |       |     | wakes   |`,
  });

  litmus("a whole turn of the counter inside one read section goes unnoticed", {
    notifiers: { M: [8, 12], N: [0, 4] },
    seq: 6,
    seqModulus: 8,
    present: 1,
    actors: { A: [1, 2, 3, 4].flatMap((sid) => section(sid, 0, 4)), R: [fault(N)] },
    rows: `
      | A                  | R                          | seq | N.seq | dev | pte | says       |
      |                    |                            | 6   | 5     | -   | 1   |            |
      |                    | read_begin..fault_cpu_read |     |       |     |     |            |
      | inv_start..inv_end |                            | 0   | 7     |     | 2   | wakes      |
      | inv_start..inv_end |                            | 2   | 1     |     | 3   | wakes      |
      | inv_start..inv_end |                            | 4   | 3     |     | 4   | wakes      |
      | inv_start..inv_end |                            | 6   | 5     |     | 5   | wakes      |
      |                    | fault_lock                 |     |       |     |     |            |
      |                    | fault_retry_check          |     |       |     |     | no retry   |
      |                    | fault_store                |     |       | 1   |     | stores 0@1 |`,
    violates: ["K-I13", "K-I14", "K-I19"],
  });
});
