/**
 * The picture of a race as a Mermaid sequence diagram, for pages that draw such text.
 *
 * Each task is a participant; what it does stands in a note over it, so the order of the rows is the
 * order of the events. Mermaid gives `;` and `#` a meaning; they are written as entity codes.
 */
import { ascii } from "./names.ts";
import { type PictureInput, pictureOf } from "./picture.ts";

/** The lines of the diagram; empty when the slice has nothing to show. */
export function mermaidDiagram(input: PictureInput): string[] {
  const picture = pictureOf(input, true);
  if (picture === undefined) return [];
  const said = [...picture.footer, ...picture.conclusion].map((text) => `%% ${ascii(text)}`);
  const participants = picture.heads.map(
    (head, column) => `  participant CPU${column} as ${quoted(head)}`,
  );
  const notes = picture.rows.map(({ column, text, mark, remarks }) => {
    const said = [...remarks, ...(mark === undefined ? [] : [mark])];
    const words = [text, ...said.map((one) => `(${one})`)].map(quoted);
    return `  Note over CPU${column}: ${words.join("<br/>")}`;
  });
  return ["sequenceDiagram", ...participants, ...notes, ...said];
}

function quoted(text: string): string {
  return ascii(text).replace(/[;#<>]/g, (c) => `#${c.charCodeAt(0)};`);
}
