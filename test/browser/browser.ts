/**
 * A browser for tests of the page: Debian's chromium, without a profile, a network or a screen.
 */
import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { mmreplay } from "../cli/terminal.ts";
import { scratch } from "../support/scratch.ts";

const CHROMIUM = "/usr/bin/chromium";

/** Why nothing is tested here; undefined: there is a browser. */
export const NO_BROWSER: string | undefined = existsSync(CHROMIUM)
  ? undefined
  : "skipped: no chromium (apt-get install chromium)";

/** What a page did that it must not do. */
export interface Opened {
  readonly page: Page;
  /** Addresses that were asked for, the page's own left out. */
  readonly requests: string[];
  /** Errors and warnings of the page, violations of its policy among them. */
  readonly complaints: string[];
}

/** Starts the browser. */
export function launch(): Promise<BrowserContext> {
  return chromium.launchPersistentContext(scratch("chromium"), {
    executablePath: CHROMIUM,
    headless: true,
    viewport: { width: 1440, height: 900 },
    colorScheme: "light",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** Writes the page of a file with the command. */
export async function writeView(file: string, name: string): Promise<string> {
  const output = scratch(name);
  const { exit, stderr } = await mmreplay(["view", file, "-o", output]);
  if (exit !== 0) throw new Error(`view ended with ${exit}: ${stderr}`);
  return output;
}

/** Opens a page from its file and waits until all events are read. */
export async function open(context: BrowserContext, file: string, hash = ""): Promise<Opened> {
  const page = await context.newPage();
  const own = pathToFileURL(file).href;
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => {
    if (request.url().split("#")[0] !== own) requests.push(request.url());
  });
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", (dialog) => complaints.push(`dialog: ${dialog.message()}`));
  await page.goto(`${own}${hash}`);
  await page.locator(".reading").waitFor({ state: "detached" });
  return { page, requests, complaints };
}

/** Presses keys, one after the other. */
export async function press(page: Page, keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

/** The event at which the page stands, as its list says. */
export async function cursorOf(page: Page): Promise<number> {
  return Number(
    (await page.locator(".panel h2 .faint").first().textContent())?.replace("at #", ""),
  );
}

/** Waits until the state is that of an event. */
export async function stateOf(page: Page, index: number): Promise<void> {
  await page.getByRole("heading", { name: `State after #${index}` }).waitFor();
}
