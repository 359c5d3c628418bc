/**
 * When a child process has come so far, by what the system says of it: whatever else the machine has to do.
 *
 * A command that is to be interrupted says nothing before; a time on the clock is too short on a busy machine and
 * wasted on a quiet one.
 */
import { existsSync, readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";

const POLL_MS = 25;

/** Where the system does not say. */
const ELSEWHERE_MS = 4_000;

/** CPU time after which a search has begun: to load the program takes a third of it. */
const BEGUN_TICKS = 100;

/** Polls in a row at which somebody who waits for input sleeps and uses no time. */
const IDLE_POLLS = 20;

/** CPU time by which the program was loaded. */
const LOADED_TICKS = 10;

/** Resolves when the process has worked for a second. */
export async function whenAtWork(pid: number | undefined): Promise<void> {
  await until(pid, ({ ticks }) => ticks >= BEGUN_TICKS);
}

/** Resolves when the process waits for what does not come. */
export async function whenIdle(pid: number | undefined): Promise<void> {
  let [last, polls] = [-1, 0];
  await until(pid, ({ ticks, sleeps }) => {
    polls = sleeps && ticks === last ? polls + 1 : 0;
    last = ticks;
    return ticks >= LOADED_TICKS && polls >= IDLE_POLLS;
  });
}

/** CPU time that the process takes until it ends, in hundredths of a second. */
export async function ticksUntilEnd(pid: number | undefined): Promise<number> {
  let [first, last] = [-1, -1];
  await until(pid, ({ ticks }) => {
    if (first < 0) first = ticks;
    last = ticks;
    return false;
  });
  return last - first;
}

interface Standing {
  readonly sleeps: boolean;
  /** User and system time, in hundredths of a second. */
  readonly ticks: number;
}

async function until(
  pid: number | undefined,
  reached: (standing: Standing) => boolean,
): Promise<void> {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return setTimeout(ELSEWHERE_MS);
  while (existsSync(file)) {
    // After the name, which may hold anything: the state, and from the twelfth on the times.
    const [, after = ""] = /\) (.*)$/s.exec(readFileSync(file, "utf8")) ?? [];
    const fields = after.split(" ");
    const ticks = Number(fields[11]) + Number(fields[12]);
    if (reached({ sleeps: fields[0] === "S", ticks })) return;
    await setTimeout(POLL_MS);
  }
}
