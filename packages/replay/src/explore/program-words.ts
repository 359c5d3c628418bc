/**
 * Programs in words: an operation as a scenario's table shows it.
 */
import type { Operation } from "@mmreplay/core";
import { endPageExclusive, pageOf } from "@mmreplay/events";

const NOTIFIERS = "NMP";
const REGIONS = "0ABC";

const notifier = (n: number): string => NOTIFIERS[n] ?? `notifier${n}`;
const region = (sid: number): string => REGIONS[sid] ?? `region${sid}`;

/** One operation. */
export function operationWords(op: Operation): string {
  switch (op.op) {
    case "insert": {
      const first = pageOf(op.start);
      const count = pageOf(op.length);
      return `insert ${notifier(op.n)} [${first}, ${first + count})`;
    }
    case "remove":
      return `remove ${notifier(op.n)}`;
    case "fault":
      return `fault ${notifier(op.n)}${op.pageOffset === 0 ? "" : ` +${op.pageOffset}`}`;
    case "inv_start": {
      const range = `[${pageOf(op.start)}, ${endPageExclusive(op.end)})`;
      return `start ${region(op.sid)} ${op.event} ${range}${op.blockable ? "" : " nonblock"}`;
    }
    case "cpu_change":
      return `change ${region(op.sid)}`;
    case "inv_end":
      return `end ${region(op.sid)}`;
    case "populate":
      return `populate ${op.page}`;
    case "preset_seq":
      return `preset seq ${op.seq}`;
    case "mm_exit":
      return "exit";
    case "mn_register":
      return `register plain${op.m}`;
    case "mn_unregister":
      return `unregister plain${op.m}`;
    default:
      return op.op;
  }
}
