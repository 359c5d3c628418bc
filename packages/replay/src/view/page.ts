/**
 * A page: the built template with the data of one file in it.
 *
 * The data stands in two script elements that no browser runs: the head as JSON, the journal as gzip in base64.
 * The head comes from a recording, whose task names may be anything, so `<` is escaped: nothing in it can end
 * the element. The rest of the page is text nodes.
 */
import { SimError } from "@mmreplay/events";
import type { PageHead } from "./page-head.ts";

const HEAD = '<script type="application/json" id="head"></script>';
const JOURNAL = '<script type="text/plain" id="journal"></script>';
const TITLE = /<title>[^<]*<\/title>/;

/** The pieces of a page around its journal. */
export interface PageFrame {
  readonly before: string;
  readonly after: string;
}

/** Puts a head into the template and opens it where the journal's base64 goes. */
export function pageFrame(template: string, head: PageHead): PageFrame {
  const whole = filled(template, HEAD, `${HEAD.slice(0, -9)}${scriptSafe(head)}</script>`);
  const titled = whole.replace(TITLE, () => `<title>${escaped(titleOf(head))}</title>`);
  const at = titled.indexOf(JOURNAL);
  if (at < 0) throw damaged();
  const open = at + JOURNAL.length - "</script>".length;
  return { before: titled.slice(0, open), after: titled.slice(open) };
}

/** JSON that cannot end the element which it stands in. */
function scriptSafe(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

function titleOf({ report }: PageHead): string {
  const rules = Object.entries(report.rules).filter(([, { violated }]) => violated > 0);
  const names = rules.map(([id]) => id).join(", ");
  const name = report.file.split("/").at(-1) ?? report.file;
  return `${name}: ${report.verdict}${names === "" ? "" : ` (${names})`}`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function filled(template: string, empty: string, full: string): string {
  if (!template.includes(empty)) throw damaged();
  return template.replace(empty, () => full);
}

function damaged(): SimError {
  return new SimError({
    code: "E_TEMPLATE",
    found: "a page template without the places for its data",
    expected: "the one that the build makes",
    action: "Run: npm run build",
  });
}
