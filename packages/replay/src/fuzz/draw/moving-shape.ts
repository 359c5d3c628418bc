/**
 * The shape of workloads in which devices move pages to their memory and take them for themselves, beside the
 * CPU and a process that changes its mappings, and perhaps forks.
 */
import { CORRECT_DRIVER, type Operation, type Scenario } from "@mmreplay/core";
import { mirrorId, mmId, type NotifierId, notifierId } from "@mmreplay/events";
import { between, type Choices, chance, pick } from "./choices.ts";
import type { Shape } from "./shape.ts";
import type { Size } from "./size.ts";
import { insert } from "./words.ts";

const PAGES_MAX = 8;
const COMMANDS = ["READ", "WRITE", "MIGRATE_TO_DEV", "MIGRATE_TO_SYS", "EXCLUSIVE"] as const;
const CHANGES = ["madvise_dontneed", "clear_refs_write", "mprotect", "munmap"] as const;
const PROTECTIONS = ["read", "read_write"] as const;
const [N, M] = [notifierId(0), notifierId(1)];
const CHILD = mmId(1);

/** Two devices that move pages, the CPU, and a process that changes its mappings. */
function movingOf(choices: Choices, size: Size): Scenario {
  const pages = Math.min(size.pages, PAGES_MAX);
  const span = (): { page: number; np: number } => {
    const page = choices.below(pages);
    return { page, np: between(choices, 1, pages - page) };
  };
  const value = (): number => 1 + choices.below(1000);
  const several = (make: () => Operation): Operation[] =>
    Array.from({ length: between(choices, 1, size.operations) }, make);
  const command = (n: NotifierId) => (): Operation => ({
    op: "dmirror",
    command: pick(choices, COMMANDS),
    n,
    value: value(),
    ...span(),
  });
  const cpu = (): Operation => ({
    op: "cpu_access",
    write: chance(choices, 2, 3),
    value: value(),
    ...span(),
  });
  const change = (): Operation => ({
    op: pick(choices, CHANGES),
    prot: pick(choices, PROTECTIONS),
    ...span(),
  });
  const kinds = [command(N), cpu, command(M), change, command(N), command(M), cpu, change];
  const setUp: Operation[] = [
    insert(N, [0, pages]),
    insert(M, [0, pages], { mirror: mirrorId(1) }),
    { op: "mmap", page: 0, np: pages, prot: "read_write" },
    cpu(),
  ];
  const programs = [setUp, ...kinds.slice(0, size.tasks).map(several)];
  const child = chance(choices, 1, 4) && size.tasks > 1 ? several(cpu) : undefined;
  return {
    pages,
    cpu: Array.from({ length: pages }, () => 0),
    notifiers: 2,
    plainNotifiers: 0,
    driver: CORRECT_DRIVER,
    memory: true,
    devices: [0, 1],
    ...(child === undefined ? { programs } : forking(programs, child)),
  };
}

/** The last task forks in the end, and then looks; its child does, too. */
function forking(
  programs: readonly (readonly Operation[])[],
  child: readonly Operation[],
): Pick<Scenario, "programs" | "processes"> {
  const last = programs.at(-1) ?? [];
  const parent: Operation[] = [...last, { op: "fork", child: CHILD }, ...child];
  return {
    programs: [...programs.slice(0, -1), parent, [{ op: "child" }, ...child]],
    processes: [...programs.map(() => mmId(0)), CHILD],
  };
}

/** The shape. */
export const MOVING_SHAPE: Shape = {
  name: "two devices that move pages and take them, the CPU, and changing mappings",
  build: movingOf,
};
