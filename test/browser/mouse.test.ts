/** What the mouse does on the page, and the switch of its colours. */
import type { BrowserContext, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { trace } from "../cli/terminal.ts";
import { cursorOf, launch, NO_BROWSER, open, press, writeView } from "./browser.ts";

const RACE = trace("cust61-BUG_unlocked-stress_delay.txt.gz");
/** Where the lanes begin (draw/layout.ts). */
const GUTTER = 168;

/** A point of an element, in parts of its size. */
async function pointOf(element: Locator, x: number, y: number): Promise<[number, number]> {
  const box = await element.boundingBox();
  if (box === null) throw new Error("the element is not seen");
  return [box.x + box.width * x, box.y + box.height * y];
}

/** The drawing, to see whether it has changed. */
const pixelsOf = (canvas: Locator): Promise<string> =>
  canvas.evaluate((element: unknown) => (element as { toDataURL(): string }).toDataURL());

/** What of an element is used here: the tests know no DOM. */
interface Row {
  click(): void;
  querySelector(selector: string): { readonly textContent: string | null } | null;
}

describe.skipIf(NO_BROWSER !== undefined)(`the mouse ${NO_BROWSER ?? ""}`, () => {
  let context: BrowserContext;
  let page: Page;
  let lanes: Locator;
  let strip: Locator;

  beforeAll(async () => {
    context = await launch();
    ({ page } = await open(context, await writeView(RACE, "race.html")));
    lanes = page.locator("canvas.timeline");
    strip = page.locator("canvas.minimap");
  });
  afterAll(() => context?.close());
  beforeEach(() => press(page, ["Home", "n", "n"]));

  it("a click on a lane goes to its nearest event", async () => {
    const before = await cursorOf(page);
    const [x, y] = await pointOf(lanes, 0, 0);
    await page.mouse.click(x + GUTTER + 40, y + 100);
    await expect.poll(() => cursorOf(page)).not.toBe(before);
    const who = await page.locator(".row.current .who").textContent();
    await press(page, ["ArrowRight"]);
    await expect.poll(() => page.locator(".row.current .who").textContent()).toBe(who);
  });

  it("a drag moves the lanes and leaves the cursor where it is", async () => {
    const before = await cursorOf(page);
    const [x, y] = await pointOf(lanes, 0.6, 0.3);
    const picture = await pixelsOf(lanes);
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x - 200, y, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => pixelsOf(lanes)).not.toBe(picture);
    expect(await cursorOf(page)).toBe(before);
  });

  it("a click on a row goes to its event", async () => {
    // In one go: the list may move between a look at a row and a click on it.
    const number = await page
      .locator(".row")
      .nth(3)
      .evaluate((row) => {
        const { click, querySelector } = row as unknown as Row;
        click.call(row);
        return Number(querySelector.call(row, ".number")?.textContent);
      });
    await expect.poll(() => cursorOf(page)).toBe(number);
  });

  it("the strip brings the window where it is clicked, and its handles make it wider", async () => {
    const [x, y] = await pointOf(strip, 0.5, 0.5);
    const first = await pixelsOf(lanes);
    await page.mouse.click(x, y);
    await expect.poll(() => pixelsOf(lanes)).not.toBe(first);
    const second = await pixelsOf(strip);
    await press(page, ["o"]);
    await expect.poll(() => pixelsOf(strip)).not.toBe(second);
    const whole = await pixelsOf(strip);
    const [right] = await pointOf(strip, 1, 0.5);
    await page.mouse.move(right - 24, y);
    await page.mouse.down();
    await page.mouse.move(right - 500, y, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => pixelsOf(strip)).not.toBe(whole);
  });

  it("what is under the pointer is told", async () => {
    await press(page, ["f"]);
    const [x, y] = await pointOf(lanes, 0, 0);
    await page.mouse.move(x + GUTTER + 300, y + 38);
    await expect
      .poll(() => page.locator(".tip").textContent())
      .toMatch(/^(section|invalidation|callback): /);
    await page.mouse.move(5, 5);
  });

  it("the colours are the system's, or those that are chosen", async () => {
    const ground = () =>
      page.evaluate("getComputedStyle(document.body).backgroundColor") as Promise<string>;
    expect(await ground()).toBe("rgb(255, 255, 255)");
    await page.getByRole("combobox", { name: "Colours" }).selectOption("dark");
    await expect.poll(ground).toBe("rgb(20, 23, 28)");
    await page.getByRole("combobox", { name: "Colours" }).selectOption("system");
    await page.emulateMedia({ colorScheme: "dark" });
    await expect.poll(ground).toBe("rgb(20, 23, 28)");
    await page.emulateMedia({ colorScheme: "light" });
  });
});
