/**
 * An event in one line, in the words of the two-column table.
 */
import type { MmEvent } from "@mmreplay/events";
import { wordsOf } from "../../src/report/table/vocabulary.ts";

/** An event in words; what the table leaves out of its text because a column says it stands here, too. */
export function sentence(event: MmEvent): string {
  if (event.type === "probe") {
    const fields = Object.entries(event.fields).map(([name, value]) => `${name}=${value}`);
    return `probe ${event.name} ${event.edge} ${fields.join(" ")}`;
  }
  if (event.type === "intern") return `${event.kind}${event.id} is ${event.pointer}`;
  if (event.type === "task_start") return `task ${event.name} is first seen`;
  const { text, remarks = [] } = wordsOf(event, null);
  return [text, ...remarks.map((remark) => `[${remark}]`)].join(" ");
}
