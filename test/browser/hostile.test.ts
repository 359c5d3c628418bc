/** Nothing in a recording can run, and damaged data is said to be damaged. */
import { readFileSync, writeFileSync } from "node:fs";
import type { BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scratch } from "../support/scratch.ts";
import { launch, NO_BROWSER, open, press, writeView } from "./browser.ts";

const NAMES = [
  "</script><script>window.ran=1</script>",
  "<img src=x onerror=window.ran=1>",
  "<!--<script>",
  "\u2028\u0000\u202e &lt;b&gt; \"'`window.ran=1`",
];

const HEADER = '{"mmreplay":"journal","version":1,"kind":"run","kernel":"6.1","seqModulus":16}';

describe.skipIf(NO_BROWSER !== undefined)(`hostile recordings ${NO_BROWSER ?? ""}`, () => {
  let context: BrowserContext;
  beforeAll(async () => {
    context = await launch();
  });
  afterAll(() => context?.close());

  it("a task's name stays text wherever it is shown", async () => {
    const events = NAMES.map((name, at) => ({ index: at, type: "task_start", task: at, name }));
    const lines = [HEADER, ...events.map((event) => JSON.stringify(event)), ""];
    const file = await writeView(scratch("hostile.jsonl", lines.join("\n")), "hostile.html");
    const { page, requests, complaints } = await open(context, file);
    for (const [at, name] of NAMES.entries()) {
      const row = await page.locator(`#event-${at} .what`).textContent();
      expect(row).toBe(`task ${name} is first seen`);
      await page.keyboard.press(".");
    }
    expect(await page.evaluate("window.ran")).toBeUndefined();
    await expect.poll(() => page.locator("#page img, #page script").count()).toBe(0);
    expect({ requests, complaints }).toEqual({ requests: [], complaints: [] });
    await page.close();
  });

  it("a file's name stays text in the title and in the page", async () => {
    const name = "<b>&amp;'\".jsonl";
    const run = scratch(name, `${HEADER}\n{"index":0,"type":"mm_create","task":0,"mm":0}\n`);
    const { page } = await open(context, await writeView(run, "named.html"));
    expect(await page.title()).toContain(name);
    await expect.poll(() => page.locator("h1").textContent()).toBe(name);
    await page.close();
  });

  it("a journal without events is a page without events, whatever is pressed", async () => {
    const file = await writeView(scratch("none.jsonl", `${HEADER}\n`), "none.html");
    const { page, complaints } = await open(context, file);
    await press(page, [..."n.,owsadfm[]M123tyg", "Home", "End", "ArrowRight", "ArrowDown"]);
    await expect.poll(() => page.locator(".row").count()).toBe(0);
    await expect.poll(() => page.locator(".verdict").textContent()).toBe("undecided");
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("a page whose data was cut says so", async () => {
    const run = scratch("cut.jsonl", `${HEADER}\n{"index":0,"type":"mm_create","task":0,"mm":0}\n`);
    const file = await writeView(run, "cut.html");
    const html = readFileSync(file, "utf8");
    writeFileSync(
      file,
      html.replace(/(id="journal">[A-Za-z0-9+/]{40})[A-Za-z0-9+/=]*/, (_, kept) => kept),
    );
    const page = await context.newPage();
    await page.goto(`file://${file}`);
    await page.getByRole("alert").waitFor();
    await expect
      .poll(() => page.getByRole("alert").textContent())
      .toMatch(/^The data cannot be read: /);
    await page.close();
  });
});
