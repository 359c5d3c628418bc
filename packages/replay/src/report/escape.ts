/**
 * Text from outside in the languages that CI servers read: it stays text in each of them.
 *
 * Names of tasks, files and scenarios are not ours. Control characters are made visible first, and then what has a
 * meaning in the language is taken out of it.
 */
import { printable } from "@mmreplay/events";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** Text for an attribute or an element; XML 1.0 cannot hold control characters at all. */
export function xml(text: string): string {
  return printable(text)
    .replace(/[\ufffe\uffff]/g, (c) => `\\u{${c.charCodeAt(0).toString(16)}}`)
    .replace(/[&<>"]/g, (c) => ENTITIES[c] ?? c);
}

/** The message of a workflow command of GitHub Actions. */
export function commandData(text: string): string {
  return printable(text.replaceAll("\n", " ")).replaceAll("%", "%25");
}

/** A property of a workflow command. */
export function commandProperty(text: string): string {
  return commandData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

/** The description of a test in KTAP, where a `#` would begin a directive. */
export function ktapDescription(text: string): string {
  return printable(text).replaceAll("#", "\\#");
}

/** A name in Markdown, which must not become markup. */
export function markdownText(text: string): string {
  return printable(text).replace(/[\\`*_{}[\]<>|#]/g, "\\$&");
}
