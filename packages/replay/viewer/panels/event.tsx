/**
 * The event at the cursor with all of its fields.
 */
import type { MmEvent } from "@mmreplay/events";
import { sentence } from "../model/sentence.ts";
import { CopyTable } from "./why.tsx";

/** The event panel. */
export function EventPanel({ event }: { readonly event: MmEvent | undefined }) {
  if (event === undefined) return <p class="empty">One stands before the first event.</p>;
  return (
    <div>
      <p>
        <b>{sentence(event)}</b>
      </p>
      <table>
        <caption class="hidden">fields of the event</caption>
        <tbody>
          {Object.entries(event).map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                <code>{typeof value === "string" ? value : JSON.stringify(value)}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <CopyTable />
    </div>
  );
}
