/**
 * Programs that are measured as processes of their own; real ones, where there is a compiler.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import {
  isInstalled,
  openWorkshop,
  type Workshop,
} from "../../../../packages/replay/src/bench/workshop.ts";

const hasGcc = await isInstalled("gcc");

describe.runIf(hasGcc)("a workshop", async () => {
  const controller = new AbortController();
  const workshop = hasGcc ? await openWorkshop(controller.signal) : ({} as Workshop);
  afterAll(() => workshop.discard?.());
  const node = (script: string) => workshop.run(process.execPath, ["-e", script]);

  it("tells what a program wrote, and what it alone has used", async () => {
    const idle = await node("console.log('done')");
    expect(idle.stdout).toBe("done\n");
    const busy = await node(
      "const held = Buffer.alloc(200 << 20, 1); const end = Date.now() + 300; while (Date.now() < end) held[0]++",
    );
    expect(busy.usage.memoryMb).toBeGreaterThan(200);
    expect(busy.usage.userMs).toBeGreaterThan(idle.usage.userMs);
    expect(idle.usage.memoryMb).toBeLessThan(150);
  });

  it("does not count what this process holds", async () => {
    const held = Buffer.alloc(300 << 20, 1);
    const { usage } = await node("");
    expect(held[0]).toBe(1);
    expect(usage.memoryMb).toBeLessThan(150);
  });

  it("says what went wrong in a program that fails", async () => {
    const failing = node("console.error('no model'); process.exit(3)");
    await expect(failing).rejects.toThrow(/ ended with 3: no model/);
    await expect(workshop.run("/nowhere", [])).rejects.toThrow(/ ended with 127/);
  });

  it("ends a program, and is gone when it is discarded", async () => {
    const file = join(workshop.folder, "pid");
    const script = `fs.writeFileSync(${JSON.stringify(file)}, String(process.pid)); setInterval(() => {}, 1000)`;
    const running = node(script);
    const ended = expect(running).rejects.toThrow(/abort/);
    await vi.waitUntil(() => existsSync(file), { timeout: 10_000 });
    const pid = Number(readFileSync(file, "utf8"));
    controller.abort();
    await ended;
    await vi.waitUntil(() => !isAlive(pid), { timeout: 10_000 });
    workshop.discard();
    expect(existsSync(workshop.folder)).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
