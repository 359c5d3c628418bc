/**
 * A recorded execution's header as a scenario that the simulator can run.
 */
import type { Operation, Scenario } from "@mmreplay/core";
import {
  type Address,
  address,
  notifierId,
  plainId,
  regionId,
  type VectorHeader,
  type VectorOperation,
} from "@mmreplay/events";
import { seqFromU64 } from "./u64.ts";

function operationOf(op: VectorOperation): Operation {
  const at = (text: string): Address => address(text);
  switch (op.op) {
    case "insert":
      return { ...op, n: notifierId(op.n), start: at(op.start), length: at(op.length) };
    case "remove":
      return { op: op.op, n: notifierId(op.n) };
    case "inv_start":
      return { ...op, sid: regionId(op.sid), start: at(op.start), end: at(op.end) };
    case "cpu_change":
      return { op: op.op, sid: regionId(op.sid) };
    case "inv_end":
      return { op: op.op, sid: regionId(op.sid), onlyEnd: op.only_end };
    case "fault":
      return { op: op.op, n: notifierId(op.n), pageOffset: op.page_offset, np: op.np };
    case "preset_seq":
      return { op: op.op, seq: seqFromU64(op.seq) };
    case "mn_register":
      return { ...op, m: plainId(op.m) };
    case "mn_unregister":
      return { op: op.op, m: plainId(op.m) };
    case "populate":
    case "mm_exit":
    case "mn_get":
    case "mn_put":
    case "mn_synchronize":
      return op;
    default:
      return { op: op.op, start: at(op.start), end: at(op.end) };
  }
}

/** The scenario that a header describes. */
export function scenarioOf(header: VectorHeader): Scenario {
  return {
    pages: header.pages,
    cpu: header.init.cpu,
    notifiers: header.notifiers,
    plainNotifiers: header.plain_notifiers,
    driver: {
      bug: header.driver.bug,
      nonblock: header.driver.nonblock,
      earlyCheck: header.driver.early_check,
      maxTries: header.driver.max_tries,
    },
    programs: header.programs.map((program) => program.map(operationOf)),
  };
}
