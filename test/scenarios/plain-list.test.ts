/**
 * The plain list beside the interval part (protocol.md 2.11, 2.12, part 9 no. 12).
 */
import { describe } from "vitest";
import { litmus } from "../support/litmus.ts";
import { fault, N, register, section, testYoung, unregister } from "../support/operations.ts";

describe("the plain list", () => {
  litmus("interval callbacks come before plain starts, and readers are woken before plain ends", {
    notifiers: { N: [0, 4] },
    setUp: [register(0)],
    actors: { A: section(1, 0, 4), R: [fault(N)] },
    rows: `
      | A                      | R               | seq | active | N.seq | says       |
      |                        |                 | 2   | 0      | 1     |            |
      | inv_start              |                 | 3   | 1      |       | calls N    |
      | cb_lock..cb_unlock     |                 |     |        | 3     |            |
      |                        | read_begin      |     |        |       | sleeps     |
      | mn_start_cb            |                 |     |        |       | start of 0 |
      | cpu_change             | (read_begin)    |     |        |       |            |
      | inv_end                |                 | 4   | 0      |       | wakes      |
      |                        | read_begin_wake |     |        |       |            |
      | mn_invalidate_range_cb |                 |     |        |       |            |
      | mn_end_cb              |                 |     |        |       | end of 0   |`,
  });

  litmus("a registration puts the notifier at the head and excludes open regions", {
    setUp: [register(0)],
    actors: { A: section(1, 0, 4), G: [register(2)] },
    rows: `
      | A                      | G                   | list | count |
      |                        |                     | 0    | 2     |
      | inv_start..mn_start_cb |                     |      |       |
      |                        | mn_begin..mmap_lock |      |       |
      | cpu_change             | (all_locks)         |      |       |
      | inv_end..mn_end_cb     |                     |      |       |
      |                        | register            | 2 0  | 3     |`,
  });

  litmus("a walk goes on from a notifier that has left the list, and its unregistration waits", {
    setUp: [register(0), register(2)],
    actors: { A: section(1, 0, 4), U: [unregister(2)] },
    rows: `
      | A           | U                            | list | count | says       |
      |             |                              | 2 0  | 3     |            |
      | inv_start   |                              |      |       |            |
      |             | mn_unregister..mn_release_cb |      |       |            |
      |             | mn_unregister_del            | 0    |       |            |
      | mn_start_cb | (srcu)                       |      |       | start of 2 |
      | mn_start_cb |                              |      |       | start of 0 |
      |             | srcu_wait                    |      | 2     |            |`,
  });

  litmus("test_young stops at the first notifier that says yes", {
    setUp: [register(0), register(2)],
    actors: { T: [testYoung(1)] },
    rows: `
      | T                | list |
      |                  | 2 0  |
      | mn_test_young    |      |
      | mn_test_young_cb |      |`,
  });
});
