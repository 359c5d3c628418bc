/**
 * The text of `--json`: one object with `schemaVersion`, the same bytes for the same input.
 *
 * Control characters that JSON leaves alone (DEL, C1) are escaped, too: names of tasks and files come
 * from outside and may reach a terminal.
 */

/** Version of the objects that `--json` prints; grows when a field changes its meaning. */
export const SCHEMA_VERSION = 1;

/** The object as text, with a newline at its end. */
export function jsonText(fields: object): string {
  return `${escaped(JSON.stringify({ schemaVersion: SCHEMA_VERSION, ...fields }, null, 2))}\n`;
}

function escaped(json: string): string {
  return json.replace(/[\x7f-\x9f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
