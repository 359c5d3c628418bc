/** What axe-core finds on the page: nothing, in light and in dark, for a recording, a run and a gap. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mmreplay, trace } from "../cli/terminal.ts";
import { scratch } from "../support/scratch.ts";
import { launch, NO_BROWSER, open, press, writeView } from "./browser.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
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
    await page.evaluate(AXE);
    for (const scheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      for (const tab of [/^Why/, /^Changed/, /^Event$/]) {
        await page.getByRole("tab", { name: tab }).click();
        const found = (await page.evaluate("axe.run().then(({ violations }) => violations)")) as Violation[];
        expect(found.map(({ id, help, nodes }) => [id, help, nodes.slice(0, 3)])).toEqual([]);
      }
    }
    await press(page, ["?"]);
    const open_ = (await page.evaluate("axe.run().then(({ violations }) => violations)")) as Violation[];
    expect(open_.map(({ id, nodes }) => [id, nodes.slice(0, 3)])).toEqual([]);
    await page.close();
  });
});
