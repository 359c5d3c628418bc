/**
 * A driver that wants its pages in its own device's memory, and migrates until they are there.
 *
 * A migration leaves the pages of another device where they are; when they are mapped, hmm_range_fault brings them
 * to system memory, which evicts them from that device. If that one does the same, each evicts the other before it
 * has mapped its pages, for ever (K-Z21). Drivers of one process then migrate one at a time. Counterpart:
 * xe_svm_handle_pagefault and 0620837490e0 (drm/xe).
 */
import { taskId } from "@mmreplay/events";
import { frameOf } from "../../drivers/mirror/mirror.ts";
import { entryOf } from "../../state/page-table.ts";
import { peekMirror, peekTask } from "../../state/state.ts";
import { deviceOf } from "../machine.ts";
import type { Operation } from "../operation.ts";
import { type DmirrorAt, endPage, mirror } from "./dmirror-command.ts";

const migrates = (op: Operation | undefined): boolean =>
  op?.op === "dmirror" && op.command === "MIGRATE_TO_DEV";

/** Whether a migration begins again, because it has mapped a page that is not in its device's memory. */
export function movesAgain(at: DmirrorAt): boolean {
  if (at.scenario.driver.insists === undefined || !migrates(at.op)) return false;
  const { device } = peekMirror(at.state, mirror(at));
  const own = deviceOf(at.scenario, mirror(at));
  for (let page = at.op.page; page < endPage(at); page += 1) {
    if (at.state.frames[frameOf(entryOf(device, page))]?.device !== own) return true;
  }
  return false;
}

/** Whether a migration waits until another one has ended. */
export function waitsForMigration({ state, scenario, op, task }: DmirrorAt): boolean {
  if (scenario.driver.insists !== "serialized" || !migrates(op)) return false;
  return scenario.programs.some((program, other) => {
    if (other === task) return false;
    const { pc, label } = peekTask(state, taskId(other));
    return migrates(program[pc]) && label !== "start";
  });
}
