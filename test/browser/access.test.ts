/** What axe-core finds on the page: nothing, in light and in dark, for a recording, a run and a gap. */
import axe from "axe-core";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mmreplay, trace } from "../cli/terminal.ts";
import { scratch } from "../support/scratch.ts";
import { launch, NO_BROWSER, open, press, writeView } from "./browser.ts";

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe-core finds, with the first elements of each kind. */
async function violationsOf(page: Page): Promise<unknown[]> {
  const found = await page.evaluate("axe.run().then(({ violations }) => violations)");
  return (found as Violation[]).map(({ id, help, nodes }) => [
    id,
    help,
    nodes.slice(0, 3).map(({ html, failureSummary }) => [html, failureSummary]),
  ]);
}

async function runFile(): Promise<string> {
  const run = scratch("run.jsonl");
  await mmreplay(["explore", "peer/1F1I", "--mutant", "peer-1", "-o", run]);
  return run;
}

const FILES: readonly (readonly [string, () => string | Promise<string>])[] = [
  ["a recording that is violated", () => trace("cust61-BUG_noseq-stress_nodelay.txt.gz")],
  ["a recording with gaps", () => trace("cust61-good-LOST-trace_pipe.txt.gz")],
  ["a run", runFile],
];

describe.skipIf(NO_BROWSER !== undefined)(`axe-core ${NO_BROWSER ?? ""}`, () => {
  let context: BrowserContext;
  beforeAll(async () => {
    context = await launch();
  });
  afterAll(() => context?.close());

  it.each(FILES)("%s", async (name, fileOf) => {
    const file = await writeView(await fileOf(), `${name.replaceAll(" ", "-")}.html`);
    const { page } = await open(context, file);
    await page.evaluate(axe.source);
    for (const scheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      for (const tab of [/^Why/, /^Changed/, /^Event$/]) {
        await page.getByRole("tab", { name: tab }).click();
        expect(await violationsOf(page)).toEqual([]);
      }
    }
    await press(page, ["?"]);
    expect(await violationsOf(page)).toEqual([]);
    await page.close();
  });
});
