/**
 * The shape of a scenario: its operations without their pages and ids.
 *
 * A campaign meets one bug in many workloads. After shrinking they differ in which page and which notifier it
 * was, and in the order of the tasks; what is left is one shape, and is told once.
 */
import type { Operation, Scenario } from "@mmreplay/core";

/** The operations of each task, set-up first, the others in the order of their words. */
export function shapeOf({ programs }: Scenario): string {
  const [setUp = "", ...tasks] = programs.map((program) => program.map(wordOf).join(" "));
  return [setUp, ...tasks.filter((task) => task !== "").sort()].join(" | ");
}

/** Events whose region may be the driver's own: of others a driver makes no difference. */
const OWN_EVENTS: readonly string[] = ["MIGRATE", "EXCLUSIVE"];

/** What an operation is, and what kind of it where that matters. */
function wordOf(op: Operation): string {
  if ("command" in op) return `${op.op}:${op.command}`;
  return "event" in op && OWN_EVENTS.includes(op.event) ? `${op.op}:${op.event}` : op.op;
}
