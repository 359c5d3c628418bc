/**
 * Refusals: a non-blockable start may answer -EAGAIN (protocol.md 2.4, 2.11, part 9 no. 11).
 */
import { describe, expect } from "vitest";
import { litmus } from "../support/litmus.ts";
import { fault, hold, M, N, register, remove, section } from "../support/operations.ts";

const nonblock = { blockable: false } as const;
const three = { N: [0, 4], M: [4, 8], P: [8, 12] } as const;

describe("refusal", () => {
  litmus("a refused non-blockable start leaves the count as it was", {
    notifiers: { N: [0, 4] },
    driver: { nonblock: "refuse" },
    actors: { A: section(1, 0, 4, nonblock) },
    rows: `
      | A         | seq | active | open | N.seq | says          |
      |           | 2   | 0      | 0    | 1     |               |
      | inv_start | 3   | 1      | 1    |       | calls N       |
      | cb_lock   |     |        |      |       |               |
      | inv_abort | 4   | 0      | 0    |       | wakes, rc -11 |
      | skip      |     |        |      |       | not_started   |
      | skip      |     |        |      |       | not_started   |`,
  });

  litmus("of a refused start, earlier notifiers are cleared for nothing and later ones not told", {
    notifiers: three,
    actors: { R: [fault(N)], S: [fault(M)], A: section(1, 0, 12, nonblock) },
    rows: `
      | R                        | S                       | A                  | seq | active | N.seq | M.seq | P.seq | device  | says       |
      |                          |                         |                    | 2   | 0      | 1     | 1     | 1     | -       |            |
      | read_begin..fault_unlock |                         |                    |     |        |       |       |       | 0@1     |            |
      |                          | read_begin..fault_store |                    |     |        |       |       |       | 0@1 4@5 | stores 4@5 |
      |                          | fault_unlock            |                    |     |        |       |       |       |         |            |
      |                          |                         | inv_start          | 3   | 1      |       |       |       |         | calls N    |
      |                          |                         | cb_lock..cb_unlock |     |        | 3     |       |       | 4@5     | calls M    |`,
  });

  litmus("a busy driver lock refuses a non-blockable start after the notifiers before it", {
    notifiers: three,
    present: 8,
    actors: { R: [fault(N)], X: [remove(M)], A: section(1, 0, 12, nonblock) },
    rows: `
      | R                        | X             | A                  | seq | active | N.seq | M.seq | P.seq | device | says          |
      |                          |               |                    | 2   | 0      | 1     | 1     | 1     | -      |               |
      | read_begin..fault_unlock |               |                    |     |        |       |       |       | 0@1    |               |
      |                          |               | inv_start          | 3   | 1      |       |       |       |        | calls N       |
      |                          |               | cb_lock..cb_unlock |     |        | 3     |       |       | -      | calls M       |
      |                          | remove_begin  |                    |     |        |       |       |       |        |               |
      |                          | teardown_lock |                    |     |        |       |       |       |        |               |
      |                          |               | cb_lock            |     |        |       |       |       |        |               |
      |                          |               | inv_abort          | 4   | 0      |       |       |       |        | wakes, rc -11 |`,
  });

  litmus("a slow lock holder refuses a start that may not sleep, and lets one that may wait", {
    notifiers: { N: [0, 4] },
    actors: { H: [hold], A: section(1, 0, 4, nonblock), B: section(2, 0, 4) },
    rows: `
      | H           | A         | B             | seq | active | N.seq | says    |
      |             |           |               | 2   | 0      | 1     |         |
      | hold        |           |               |     |        |       |         |
      |             | inv_start |               | 3   | 1      |       | calls N |
      |             | cb_lock   |               |     |        |       |         |
      |             | inv_abort |               | 4   | 0      |       | wakes, rc -11 |
      |             |           | inv_start     | 5   | 1      |       | calls N |
      |             |           | (driver_lock) |     |        |       |         |
      | hold_unlock |           |               |     |        |       |         |
      |             |           | cb_lock..cb_unlock |  |      | 5     |         |`,
  });

  litmus("a refused start leaves its number behind, so readers retry though nothing has changed", {
    notifiers: { N: [0, 4], M: [4, 8] },
    present: 1,
    actors: { R: [fault(N)], X: [remove(M)], A: section(1, 0, 8, nonblock) },
    rows: `
      | R                 | X                           | A                  | seq | N.seq | pte | says          |
      |                   |                             |                    | 2   | 1     | 1   |               |
      | read_begin        |                             |                    |     |       |     | goes on       |
      | fault_cpu_read    |                             |                    |     |       |     |               |
      |                   |                             | inv_start          | 3   |       |     | calls N       |
      |                   |                             | cb_lock..cb_unlock |     | 3     |     | calls M       |
      |                   | remove_begin..teardown_lock |                    |     |       |     |               |
      |                   |                             | cb_lock..inv_abort | 4   |       |     | wakes, rc -11 |
      |                   | teardown_clear              |                    |     |       |     |               |
      | fault_lock        |                             |                    |     |       |     |               |
      | fault_retry_check |                             |                    |     |       |     | retry         |`,
  });

  litmus(
    "a refusal in a blockable region only warns: the walk goes on, the notifier keeps its number",
    {
      notifiers: three,
      actors: { A: section(1, 0, 12) },
      rows: `
      | A                  | seq | N.seq | M.seq | P.seq | says    |
      |                    | 2   | 1     | 1     | 1     |         |
      | inv_start          | 3   |       |       |       | calls N |
      | cb_refuse!         |     |       |       |       | calls M |
      | cb_lock..cb_unlock |     |       | 3     |       | calls P |
      | cb_lock..cb_unlock |     |       |       | 3     |         |`,
      violates: ["K-I23"],
    },
  );

  litmus(
    "a refusal by the plain list comes after all were called, and all that have an end are ended",
    {
      setUp: [register(0), register(1), register(2)],
      actors: { A: section(1, 0, 4, nonblock) },
      rows: `
      | A            | list  | open | says               |
      |              | 2 1 0 | 0    |                    |
      | inv_start    |       | 1    |                    |
      | mn_start_cb  |       |      | start of 2         |
      | mn_start_cb! |       |      | start of 1 refuses |
      | mn_start_cb  |       |      | start of 0         |
      | mn_end_cb    |       |      | end of 2           |
      | mn_end_cb    |       | 0    | end of 0, rc -11   |`,
    },
  );

  litmus("beside an interval part that had accepted, such a refusal leaves the region counted", {
    notifiers: { N: [0, 4] },
    setUp: [register(1)],
    actors: { A: section(1, 0, 4, nonblock), R: [fault(N)] },
    rows: `
      | A                  | R          | seq | active | open | N.seq | says                       |
      |                    |            | 2   | 0      | 0    | 1     |                            |
      | inv_start          |            | 3   | 1      | 1    |       | calls N                    |
      | cb_lock..cb_unlock |            |     |        |      | 3     |                            |
      | mn_start_cb!       |            |     |        | 0    |       | start of 1 refuses, rc -11 |
      |                    | read_begin |     |        |      |       | sleeps                     |`,
    violates: ["K-I3", "K-I24"],
    stuck: ["R"],
    finally: ({ state }) => {
      expect(state.mms[0]?.subs?.active).toBe(1);
    },
  });
});
