/**
 * The processor time of a page's longest piece of work while something is done.
 *
 * The time from frame to frame counts what else the machine does; the main thread's own time does not. A frame cannot be
 * shorter than the longest piece of work in it, so on a busy machine this is what can be said of the page.
 */
import type { Page } from "playwright-core";

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of the thread's own time. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Milliseconds of processor time of the main thread's longest task. */
export async function longestTaskMs(page: Page, act: () => Promise<void>): Promise<number> {
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on("Tracing.dataCollected", ({ value }) => {
    events.push(...(value as unknown as TraceEvent[]));
  });
  const categories = "toplevel,devtools.timeline,disabled-by-default-devtools.timeline";
  await session.send("Tracing.start", { transferMode: "ReportEvents", categories });
  await act();
  await page.waitForTimeout(300);
  const complete = new Promise<void>((resolve) => {
    session.once("Tracing.tracingComplete", () => resolve());
  });
  await session.send("Tracing.end");
  await complete;
  await session.detach();
  const thread = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`;
  const isMain = ({ name, args }: TraceEvent): boolean =>
    name === "thread_name" && args?.name === "CrRendererMain";
  const main = new Set(events.filter(isMain).map(thread));
  const tasks = events.filter(
    (event) => event.name.endsWith("RunTask") && event.ph === "X" && main.has(thread(event)),
  );
  if (tasks.length === 0) throw new Error("the browser traced no task of the main thread");
  return Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1000;
}
