/** The page of a real recording of a driver with a bug, opened from its file. */
import { readFileSync } from "node:fs";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jsonOf, mmreplay, trace } from "../cli/terminal.ts";
import { scratch } from "../support/scratch.ts";
import {
  cursorOf,
  launch,
  NO_BROWSER,
  type Opened,
  open,
  press,
  stateOf,
  writeView,
} from "./browser.ts";

const RACE = trace("cust61-BUG_unlocked-stress_delay.txt.gz");
const TEMPLATES = ["index.html", "mutants/index.html"].map(
  (name) => new URL(`../../packages/replay/dist/viewer/${name}`, import.meta.url),
);

describe.skipIf(NO_BROWSER !== undefined)(`the page ${NO_BROWSER ?? ""}`, () => {
  let context: BrowserContext;
  let opened: Opened;
  let page: Page;
  let file: string;

  beforeAll(async () => {
    context = await launch();
    file = await writeView(RACE, "race.html");
    opened = await open(context, file);
    page = opened.page;
  });
  afterAll(() => context?.close());

  it("is under 300 KB without its data, and names no other place to load from", () => {
    for (const template of TEMPLATES.map((place) => readFileSync(place, "utf8"))) {
      expect(Buffer.byteLength(template)).toBeLessThan(300_000);
      expect(template).not.toMatch(/<(script|link|img|iframe)[^>]+(src|href)=/);
    }
  });

  it("allows its own script and style by their hashes, and nothing else", () => {
    const [, policy = ""] =
      /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(readFileSync(file, "utf8")) ??
      [];
    expect(policy.split("; ").map((part) => part.replace(/sha256-[^']+/g, "sha256"))).toEqual([
      "default-src 'none'",
      "script-src 'sha256'",
      "style-src 'sha256'",
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  it("is loaded without a request or a complaint, and its title is the verdict", async () => {
    expect(opened.requests).toEqual([]);
    expect(opened.complaints).toEqual([]);
    expect(await page.title()).toMatch(/^cust61-BUG_unlocked.*: violated \(K-I14, K-I26\)$/);
  });

  it("can neither fetch nor evaluate text", async () => {
    const tries = await page.evaluate(`(async () => {
      const fetched = await fetch("https://example.org/").then(() => "fetched", () => "refused");
      const image = await new Promise((resolve) => {
        const image = new Image();
        image.onload = () => resolve("loaded");
        image.onerror = () => resolve("refused");
        image.src = "https://example.org/x.png";
      });
      const script = document.createElement("script");
      script.textContent = "window.ran = true";
      document.body.append(script);
      return [fetched, image, window.ran === undefined];
    })()`);
    expect(tries).toEqual(["refused", "refused", true]);
  });

  it("opens at what check shows first, with the events that prove it", async () => {
    const { files } = jsonOf(await mmreplay(["check", RACE, "--json"]));
    const findings = (files[0]?.["findings"] ?? []) as { index: number; evidence: unknown[] }[];
    const cursor = await cursorOf(page);
    const shown = findings.find(({ index }) => index === cursor);
    expect(shown).toBeDefined();
    await expect.poll(() => page.locator(".evidence li").count()).toBe(shown?.evidence.length);
  });

  it("n and N go through the findings of check in their order, both ways", async () => {
    const { files } = jsonOf(await mmreplay(["check", RACE, "--json"]));
    const indexes = ((files[0]?.["findings"] ?? []) as { index: number }[]).map(
      ({ index }) => index,
    );
    await press(page, ["Home", "n"]);
    await expect.poll(() => cursorOf(page)).toBe(indexes[0]);
    await press(page, ["n", "n", "n"]);
    await expect.poll(() => cursorOf(page)).toBe(indexes[3]);
    await press(page, ["N"]);
    await expect.poll(() => cursorOf(page)).toBe(indexes[2]);
  });

  it("shows the state that show prints, after any event", async () => {
    for (const at of [3, 700, 2345]) {
      await page.fill("#search", `#${at}`);
      await page.press("#search", "Enter");
      await page.press("#search", "Escape");
      await stateOf(page, at);
      const { stdout } = await mmreplay(["show", RACE, "--at", String(at), "--json"]);
      const { state } = JSON.parse(stdout) as { state: { mms: { subs: { seq: number } }[] } };
      const seq = state.mms[0]?.subs?.seq;
      await expect
        .poll(() => page.locator(".state .seq").allInnerTexts(), { message: `event ${at}` })
        .toEqual(seq === undefined ? [] : [String(seq)]);
    }
  });

  it("says what an event changed as show --diff does", async () => {
    const at = 2345;
    const { stdout } = await mmreplay([
      "show",
      RACE,
      "--at",
      `${at - 1}`,
      "--diff",
      `${at}`,
      "--json",
    ]);
    const { changes } = JSON.parse(stdout) as { changes: { path: string }[] };
    await page.getByRole("tab", { name: /^Changed/ }).click();
    await expect
      .poll(() => page.locator(".changes .link").allInnerTexts())
      .toEqual(changes.map(({ path }) => path));
    await page.getByRole("tab", { name: /^Why/ }).click();
  });

  it("watches a value while one steps, and leads to its last change", async () => {
    await page.getByRole("tab", { name: /^Changed/ }).click();
    const field = page.getByRole("textbox", { name: /^Watch/ });
    await field.fill("mms[0].subs.seq");
    await field.press("Enter");
    await field.press("Escape");
    const value = page.locator(".watch code");
    const before = Number(await value.textContent());
    await page.getByRole("button", { name: "Last change of mms[0].subs.seq" }).first().click();
    const at = await cursorOf(page);
    await press(page, [","]);
    await expect.poll(async () => Number(await value.textContent())).toBeLessThan(before);
    await press(page, ["."]);
    await expect.poll(async () => Number(await value.textContent())).toBe(before);
    expect(await cursorOf(page)).toBe(at);
    await page.getByRole("tab", { name: /^Why/ }).click();
  });

  it("finds what a condition of the debugger finds", async () => {
    const { files } = jsonOf(await mmreplay(["check", RACE, "--json"]));
    await page.fill("#search", "retry");
    await page.press("#search", "Enter");
    await page
      .locator("#search-result")
      .getByText(/^\d+ found$/)
      .waitFor();
    await expect
      .poll(() => page.locator("#search-result").textContent())
      .toBe(`${files[0]?.["retries"]} found`);
    await page.locator(".only input").check();
    const retries = async (): Promise<boolean> => {
      const rows = await page.locator(".row .what").allInnerTexts();
      return rows.length > 0 && rows.every((text) => text.includes("read_retry"));
    };
    await expect.poll(retries).toBe(true);
    await page.fill("#search", "");
    await page.press("#search", "Enter");
    await page.press("#search", "Escape");
  });

  it("says which part of a search is wrong", async () => {
    await page.fill("#search", "notifier x");
    await page.press("#search", "Enter");
    await expect.poll(() => page.locator("#search-result").textContent()).toContain("notifier x");
    await page.fill("#search", "");
    await page.press("#search", "Enter");
    await page.press("#search", "Escape");
  });

  it("steps by event and by task, and follows an arrow to the retry and back", async () => {
    await press(page, ["Home", ".", ".", ","]);
    await expect.poll(() => cursorOf(page)).toBe(1);
    await press(page, ["ArrowRight", "ArrowLeft"]);
    await expect.poll(() => cursorOf(page)).toBe(1);
    await press(page, ["]"]);
    const current = () => page.locator(".row.current .what").textContent();
    await expect.poll(current).toMatch(/^invalidate\(/);
    const cause = await cursorOf(page);
    await press(page, ["]"]);
    await expect.poll(current).toMatch(/read_retry\(.*= true|hmm_range_fault\(\) = -EBUSY/);
    await press(page, ["["]);
    await expect.poll(() => cursorOf(page)).toBe(cause);
  });

  it("steps along a notifier and a page", async () => {
    const current = () => page.locator(".row.current .what").textContent();
    await press(page, ["Home", "]"]);
    await expect.poll(current).toMatch(/^invalidate\(sub(\d+)/);
    const at = await cursorOf(page);
    const notifier = /sub(\d+)/.exec((await current()) ?? "")?.[1] ?? "";
    await press(page, [">"]);
    await expect.poll(() => cursorOf(page)).toBeGreaterThan(at);
    const { stdout } = await mmreplay([
      "debug",
      RACE,
      "--command",
      `goto ${at}`,
      `next notifier ${notifier}`,
      "until type device_map",
      "next page",
    ]);
    const places = [...stdout.matchAll(/^#(\d+) \(/gm)].map(([, index]) => Number(index));
    expect(await cursorOf(page)).toBe(places[1]);
    await press(page, ["<"]);
    await expect.poll(() => cursorOf(page)).toBe(at);
    await page.fill("#search", `#${places[2]}`);
    await page.press("#search", "Enter");
    await page.press("#search", "Escape");
    await press(page, ["p"]);
    await expect.poll(() => cursorOf(page)).toBe(places[3]);
    await press(page, ["P"]);
    await expect.poll(() => cursorOf(page)).toBe(places[2]);
  });

  it("of a selection lists that alone at first, its lanes first, and its findings alone", async () => {
    const output = scratch("selected.html");
    const flags = ["--pid", "139", "--from", "700"];
    expect((await mmreplay(["view", RACE, "-o", output, ...flags])).exit).toBe(0);
    const of = await open(context, output);
    const check = await mmreplay(["check", RACE, "--json", ...flags]);
    const findings = (jsonOf(check).files[0]?.["findings"] ?? []) as { index: number }[];
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.map(({ index }) => index)).toContain(await cursorOf(of.page));
    const tasks = async () => new Set(await of.page.locator(".row .who").allInnerTexts());
    await expect.poll(async () => [...(await tasks())]).toEqual(["stress-139"]);
    expect(await of.page.inputValue("#search")).toBe("selected");
    await of.page.locator(".only input").uncheck();
    await expect.poll(async () => (await tasks()).size).toBeGreaterThan(1);
    expect(of.complaints).toEqual([]);
    await of.page.close();
  });

  it("copies the table that diagram prints", async () => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const first = await open(context, file);
    await press(first.page, ["y"]);
    await first.page.getByText("the table is on the clipboard").waitFor();
    const copied = await first.page.evaluate("navigator.clipboard.readText()");
    const { stdout } = await mmreplay(["diagram", RACE]);
    expect(copied).toBe(stdout);
    await first.page.close();
  });

  it("a link leads to the same event, marks, lanes and axis", async () => {
    await press(page, ["Home", "m", ".", ".", "m", ".", "3", "t"]);
    const hash = "#e=3&mark=0%2C2&lanes=notifier&axis=event";
    await expect.poll(() => page.evaluate("location.hash")).toBe(hash);
    const again = await open(context, file, hash);
    await expect.poll(() => cursorOf(again.page)).toBe(3);
    await expect
      .poll(() => again.page.locator("[aria-pressed=true]").textContent())
      .toBe("notifiers");
    await expect
      .poll(() => again.page.locator(".row .what").first().textContent())
      .toContain("[A]");
    await again.page.close();
  });

  it("? shows the keys, Escape closes them", async () => {
    await press(page, ["?"]);
    await page.locator("dialog").waitFor({ state: "visible" });
    await press(page, ["Escape"]);
    await page.locator("dialog").waitFor({ state: "hidden" });
  });

  it("folds the run of a mutant by the mutant's recipes", async () => {
    const run = scratch("mutant.jsonl");
    const search = ["explore", "peer/1F1I", "--mutant", "peer-3", "-o", run];
    expect((await mmreplay(search)).exit).toBe(1);
    const of = await open(context, await writeView(run, "mutant.html"));
    const at = await cursorOf(of.page);
    await stateOf(of.page, at);
    const { stdout } = await mmreplay(["show", run, "--at", String(at), "--json"]);
    const { state } = JSON.parse(stdout) as { state: { notifiers: { seq: number }[] } };
    const row = of.page.locator(".state tbody tr").first().locator("td");
    expect(Number.parseInt((await row.nth(1).textContent()) ?? "", 10)).toBe(
      state.notifiers[0]?.seq,
    );
    expect(of.complaints).toEqual([]);
    await of.page.close();
  });
});
