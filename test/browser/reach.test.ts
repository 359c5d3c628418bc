/** What one reaches from a link, by the keys alone, and in a small window. */
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { trace } from "../cli/terminal.ts";
import { cursorOf, launch, NO_BROWSER, type Opened, open, press, writeView } from "./browser.ts";

describe.skipIf(NO_BROWSER !== undefined)(`an open page ${NO_BROWSER ?? ""}`, () => {
  let context: BrowserContext;
  let opened: Opened;
  let page: Page;
  let file: string;

  beforeAll(async () => {
    context = await launch();
    file = await writeView(trace("cust61-BUG_noseq-stress_nodelay.txt.gz"), "noseq.html");
    opened = await open(context, file);
    page = opened.page;
  });
  afterAll(() => context?.close());

  const pressed = (): Promise<string | null> => page.locator("[aria-pressed=true]").textContent();
  const hash = (): Promise<string> => page.evaluate("location.hash") as Promise<string>;

  it("counts all violations, not those that check spells out", async () => {
    await expect
      .poll(() => page.locator(".toolbar [aria-live]").textContent())
      .toMatch(/^\d+ of 1239 violations$/);
    await page.getByRole("tab", { name: "Why (1239)" }).waitFor();
  });

  it("follows a changed link: lanes, axis, search, event and marks", async () => {
    await page.evaluate("location.hash = '#e=700&mark=690,700&lanes=notifier&axis=event&q=retry'");
    await expect.poll(pressed).toBe("notifiers");
    await page.getByRole("button", { name: "Axis: events; change it" }).waitFor();
    await page
      .locator("#search-result")
      .getByText(/^\d+ found$/)
      .waitFor();
    expect(await page.inputValue("#search")).toBe("retry");
    expect(await cursorOf(page)).toBe(700);
    await page.evaluate("location.hash = '#e=700&lanes=task&axis=time'");
    await expect.poll(pressed).toBe("tasks");
    await expect.poll(() => page.inputValue("#search")).toBe("");
  });

  it("before the first event has a link that leads there", async () => {
    await press(page, ["Home", ","]);
    await expect.poll(hash).toBe("#e=-1&lanes=task&axis=time");
    const again = await open(context, file, "#e=-1&lanes=task&axis=time");
    await again.page.getByRole("heading", { name: "State after #-1" }).waitFor();
    await again.page.close();
  });

  it("says that the chosen violation is not at the cursor's event, and leads back to it", async () => {
    await press(page, ["Home", "n"]);
    const elsewhere = page.locator(".elsewhere");
    await expect.poll(() => elsewhere.count()).toBe(0);
    const at = await cursorOf(page);
    await press(page, ["."]);
    await expect.poll(() => elsewhere.textContent()).toBe(`not at this event, #${at + 1}`);
    await page.getByRole("button", { name: `go to #${at}` }).click();
    await expect.poll(() => cursorOf(page)).toBe(at);
  });

  it("goes to a violation whose text it has not, and says which rule it breaks", async () => {
    await press(page, ["End", "N"]);
    const chosen = page.getByRole("region", { name: "The chosen violation" });
    await expect.poll(() => chosen.textContent()).toContain("is not in the page");
    await expect.poll(() => chosen.locator("h3").textContent()).toMatch(/^K-I1[234] violated at/);
  });

  it("says how many arrows are too many to draw", async () => {
    const race = await writeView(trace("cust61-BUG_unlocked-stress_delay.txt.gz"), "race.html");
    const other = (await open(context, race)).page;
    const legend = (): Promise<string | null> => other.locator(".legend").textContent();
    await press(other, ["o"]);
    await expect.poll(legend).toMatch(/made it retry \(\d{3,} here, too many to draw/);
    await press(other, ["Home", "n", "f"]);
    await expect.poll(legend).not.toContain("too many");
    await other.close();
  });

  it("j and k scroll its lanes", async () => {
    const lanes = page.locator("canvas.timeline");
    const pixels = (): Promise<string> =>
      lanes.evaluate((element: unknown) => (element as { toDataURL(): string }).toDataURL());
    await press(page, ["k", "k", "k", "k", "k", "k", "k", "k", "k", "k", "k", "k"]);
    const before = await pixels();
    await press(page, ["j", "j"]);
    await expect.poll(pixels).not.toBe(before);
    await press(page, ["k", "k"]);
    await expect.poll(pixels).toBe(before);
  });

  it("shows state and reasons in a window of 1000 by 500", async () => {
    await page.setViewportSize({ width: 1000, height: 500 });
    for (const name of ["section[aria-label='State at the cursor']", "#side-panel"]) {
      const box = await page.locator(name).boundingBox();
      expect(box?.height, name).toBeGreaterThan(150);
      expect((box?.y ?? 0) + (box?.height ?? 0), name).toBeLessThanOrEqual(500);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    expect(opened.complaints).toEqual([]);
  });
});
