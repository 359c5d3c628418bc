/**
 * Programs in words: an operation as a scenario's table shows it, with the verbs of a scenario file, and
 * messages with the names that a scenario gives.
 */
import type { NamedScenario, Operation } from "@mmreplay/core";
import { endPageExclusive, type NotifierId, pageOf, type RegionId } from "@mmreplay/events";

const span = ({ page, np }: { readonly page: number; readonly np: number }): string =>
  `[${page}, ${page + np})`;

/** One operation of a scenario, with what it may give. */
export function operationWords(op: Operation, named: Pick<NamedScenario, "names">): string {
  const gives = "gives" in op ? op.gives : undefined;
  return `${callWords(op, named)}${gives === undefined ? "" : ` gives ${gives.join(" or ")}`}`;
}

function callWords(op: Operation, { names }: Pick<NamedScenario, "names">): string {
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
      return `fault ${notifier(op.n)}${faultedPages(op.pageOffset, op.np)}`;
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
    case "hold":
      return `hold the lock${op.mirror ? ` of mirror${op.mirror}` : ""}`;
    case "preset_seq":
      return `preset seq ${op.seq}`;
    case "mm_exit":
      return "exit";
    case "mn_register":
      return `register plain${op.m}`;
    case "mn_unregister":
      return `unregister plain${op.m}`;
    case "fork":
      return `fork mm${op.child}`;
    case "mmap":
      return `mmap ${span(op)} ${op.prot}`;
    case "mprotect":
      return `mprotect ${span(op)} ${op.prot}`;
    case "cpu_access":
      return `cpu ${op.write ? "write" : "read"} ${span(op)}`;
    case "gup":
      return `gup ${op.how}${op.write ? " write" : ""} ${op.page}`;
    case "dmirror":
      return `device ${op.command.toLowerCase()} ${notifier(op.n)} ${span(op)}`;
    default:
      return "np" in op ? `${op.op} ${span(op)}` : op.op;
  }
}

function faultedPages(page: number, count: number): string {
  if (count > 1) return ` pages [${page}, ${page + count})`;
  return page === 0 ? "" : ` page ${page}`;
}

/** A message about ids, in the scenario's names: rules and waits know a task by its number. */
export function inNames(
  message: string,
  { names, tasks }: Pick<NamedScenario, "names" | "tasks">,
): string {
  return message.replaceAll(
    /\b(task|notifier|region)(\d+)\b/g,
    (text, kind: string, id: string) => {
      if (kind === "task") return tasks[Number(id) - 1] ?? text;
      const called = kind === "notifier" ? names.notifiers : names.regions;
      const name = called[Number(id)];
      return name === undefined ? text : `${kind} ${name}`;
    },
  );
}
