/**
 * The pictures of docs/viewer.md: `UPDATE_SCREENSHOTS=1 npx vitest run
 * test/browser/screenshots.test.ts` draws them. Fonts differ between machines, so they are not compared; that
 * they are there is.
 */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { mmreplay, trace } from "../cli/terminal.ts";
import { scratch } from "../support/scratch.ts";
import { launch, NO_BROWSER, open, press, writeView } from "./browser.ts";

const DOCS = join(import.meta.dirname, "../../docs");
const RACE = trace("cust61-BUG_unlocked-stress_delay.txt.gz");
const BYTES_MAX = 300_000;

describe.skipIf(NO_BROWSER !== undefined)(`screenshots ${NO_BROWSER ?? ""}`, () => {
  it.skipIf(process.env["UPDATE_SCREENSHOTS"] === undefined)("are drawn", async () => {
    const context = await launch();
    const { page } = await open(context, await writeView(RACE, "race.html"));
    await page.setViewportSize({ width: 1360, height: 840 });
    await press(page, ["s", "s", "s", "s"]);
    await page.waitForTimeout(400);
    await page.screenshot({ path: join(DOCS, "viewer.png") });
    const run = scratch("run.jsonl");
    await mmreplay(["explore", "peer/1F1I", "--mutant", "peer-1", "-o", run]);
    const { page: dark } = await open(context, await writeView(run, "run.html"));
    await dark.setViewportSize({ width: 1360, height: 640 });
    await dark.emulateMedia({ colorScheme: "dark" });
    await press(dark, ["n"]);
    await dark.waitForTimeout(400);
    await dark.screenshot({ path: join(DOCS, "viewer-dark.png") });
    await context.close();
  });

  it.each(["viewer.png", "viewer-dark.png"])("docs/%s is there, and small", (name) => {
    expect(existsSync(join(DOCS, name))).toBe(true);
    expect(statSync(join(DOCS, name)).size).toBeLessThan(BYTES_MAX);
  });
});
