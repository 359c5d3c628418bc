/**
 * The text of `--json`: one object with `schemaVersion`, the same bytes for the same input.
 *
 * Control and format characters that JSON leaves alone (DEL, C1, bidi) are escaped, too: names of
 * tasks and files come from outside and may reach a terminal.
 */

/** Version of the objects that `--json` prints; grows when a field changes its meaning. */
export const SCHEMA_VERSION = 1;

/** The object as text, with a newline at its end. */
export function jsonText(fields: object): string {
  return `${escaped(JSON.stringify({ schemaVersion: SCHEMA_VERSION, ...fields }, null, 2))}\n`;
}

/** What JSON.stringify does not escape; its own line ends are no text. */
const UNSAFE = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

function escaped(json: string): string {
  return json.replace(UNSAFE, (c) =>
    Array.from({ length: c.length }, (_, at) => unit(c.charCodeAt(at))).join(""),
  );
}

function unit(code: number): string {
  return `\\u${code.toString(16).padStart(4, "0")}`;
}
