/**
 * Lowering of migration and exclusive access: the calls of migrate_vma_* and
 * make_device_exclusive_range, which bracket a driver's copy.
 */
import { address, type EventBody } from "@mmreplay/events";
import type { Fields, LoweringContext, Moment } from "./lowering-context.ts";
import { codeField, numberField } from "./recorded-fields.ts";

const range = (fields: Fields) => ({
  start: address(fields["start"] ?? "0x0"),
  end: address(fields["end"] ?? "0x0"),
});

/** The event of the entry of a migration call, or undefined where the role is another. */
function entryEvent(
  context: LoweringContext,
  role: string,
  fields: Fields,
  task: Moment["task"],
): EventBody | undefined {
  switch (role) {
    case "migrate_setup":
      return {
        type: "migrate_vma_setup",
        task,
        ...range(fields),
        owner: context.pointers.owner(fields["owner"] ?? "0x0"),
      };
    case "migrate_pages":
      return { type: "migrate_vma_pages", task, ...range(fields) };
    case "migrate_finalize":
      return { type: "migrate_vma_finalize", task, ...range(fields) };
    case "make_exclusive":
      return { type: "make_device_exclusive_range", task, ...range(fields) };
    default:
      return undefined;
  }
}

/** The event of its return. */
function returnEvent(role: string, fields: Fields, task: Moment["task"]): EventBody | undefined {
  switch (role) {
    case "migrate_setup":
      return { type: "migrate_vma_setup_return", task, rc: codeField(fields) };
    case "migrate_pages":
      return { type: "migrate_vma_pages_return", task };
    case "migrate_finalize":
      return { type: "migrate_vma_finalize_return", task };
    case "make_exclusive":
      return {
        type: "make_device_exclusive_range_return",
        task,
        pages: numberField(fields, "ret") ?? 0,
      };
    default:
      return undefined;
  }
}

/** Emits the event of a migration probe, if the role is one. */
export function lowerMigration(
  context: LoweringContext,
  role: string,
  edge: "entry" | "return",
  fields: Fields,
  now: Moment,
): void {
  const body =
    edge === "entry"
      ? entryEvent(context, role, fields, now.task)
      : returnEvent(role, fields, now.task);
  if (body !== undefined) context.emit(body, now, "exact");
}
