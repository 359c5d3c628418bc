/**
 * Programs in words: an operation as a scenario's table shows it, with the verbs of a scenario file.
 */
import type { NamedScenario, Operation } from "@mmreplay/core";
import { endPageExclusive, type NotifierId, pageOf, type RegionId } from "@mmreplay/events";

const span = ({ page, np }: { readonly page: number; readonly np: number }): string =>
  `[${page}, ${page + np})`;

/** One operation of a scenario. */
export function operationWords(op: Operation, { names }: Pick<NamedScenario, "names">): string {
  const notifier = (id: NotifierId): string => names.notifiers[id] ?? `notifier${id}`;
  const region = (id: RegionId): string => names.regions[id] ?? `region${id}`;
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
    case "mmap":
      return `mmap ${span(op)} ${op.prot}`;
    case "mprotect":
      return `mprotect ${span(op)} ${op.prot}`;
    case "cpu_access":
      return `cpu ${op.write ? "write" : "read"} ${span(op)}`;
    case "dmirror":
      return `device ${op.command.toLowerCase()} ${notifier(op.n)} ${span(op)}`;
    default:
      return "np" in op ? `${op.op} ${span(op)}` : op.op;
  }
}
