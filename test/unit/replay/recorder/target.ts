/**
 * A machine for the recorder script: a pahole that knows one kernel, and a tracefs of plain files.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scratchFolder } from "../../../support/scratch.ts";

/** Struct offsets of a kernel, as its BTF has them (../shared/traces/README.md). */
export type Layout = Readonly<Record<string, Readonly<Record<string, number>>>>;

const COMMON: Layout = {
  mmu_notifier_subscriptions: { invalidate_seq: 16, active_invalidate_ranges: 24 },
  interval_tree_node: { start: 24, last: 32 },
  mmu_interval_notifier: { interval_tree: 0, ops: 48, mm: 56, invalidate_seq: 80 },
  hmm_range: {
    notifier: 0,
    notifier_seq: 8,
    start: 16,
    end: 24,
    hmm_pfns: 32,
    default_flags: 40,
    pfn_flags_mask: 48,
    dev_private_owner: 56,
  },
  migrate_vma: {
    vma: 0,
    dst: 8,
    src: 16,
    cpages: 24,
    npages: 32,
    start: 40,
    end: 48,
    pgmap_owner: 56,
    flags: 64,
  },
};

/** The layouts of the kernels that were recorded. */
export const LAYOUTS: Readonly<Record<string, Layout>> = {
  deb61: {
    ...COMMON,
    mmu_notifier_range: { vma: 0, mm: 8, start: 16, end: 24, flags: 32, event: 36, owner: 40 },
    mm_struct: { notifier_subscriptions: 952 },
    file: { private_data: 200 },
  },
  cust61: {
    ...COMMON,
    mmu_notifier_range: { vma: 0, mm: 8, start: 16, end: 24, flags: 32, event: 36, owner: 40 },
    mm_struct: { notifier_subscriptions: 944 },
    file: { private_data: 192 },
  },
  deb612: {
    ...COMMON,
    mmu_notifier_range: { mm: 0, start: 8, end: 16, flags: 24, event: 28, owner: 32 },
    mm_struct: { notifier_subscriptions: 1176 },
    file: { private_data: 32 },
  },
};

/** One machine. */
export interface Target {
  readonly tracefs: string;
  /** Runs the script here under a shell, with these arguments. */
  run(script: string, args: readonly string[], shell?: string): Run;
  /** Commands that the script gave to kprobe_events. */
  commands(): string[];
}

/** How a script ended. */
export interface Run {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A machine with a layout; without one it has no pahole. */
export function target(layout: Layout | undefined): Target {
  const folder = scratchFolder();
  const [bin, tracefs] = [join(folder, "bin"), join(folder, "tracing")];
  mkdirSync(bin);
  mkdirSync(join(tracefs, "instances"), { recursive: true });
  writeFileSync(join(tracefs, "kprobe_events"), "");
  writeFileSync(join(tracefs, "kprobe_profile"), "  insert   3   0\n  inv_start_ret   9   2\n");
  command(bin, "id", "echo 0");
  command(bin, "pahole", layout === undefined ? "exit 1" : printer(layout));
  // The kernel fills a new instance, and removes it with all that is in it.
  command(
    bin,
    "mkdir",
    `for dir do :; done; /bin/mkdir -p "$dir/events/mn" "$dir/options"; printf '%s\\n' '# tracer: nop' '# entries-in-buffer/entries-written: 5/7   #P:2' > "$dir/trace"; : > "$dir/events/mn/enable"`,
  );
  command(bin, "rmdir", 'rm -r "$1"');
  return {
    tracefs,
    commands: () => readFileSync(join(tracefs, "kprobe_events"), "utf8").trim().split("\n"),
    run(script, args, shell = "sh") {
      const file = join(folder, "record.sh");
      writeFileSync(file, script);
      const { status, stdout, stderr } = spawnSync(shell, [file, ...args], {
        cwd: folder,
        encoding: "utf8",
        env: { PATH: `${bin}:/usr/sbin:/usr/bin:/sbin:/bin`, TRACEFS: tracefs },
      });
      return { exit: status, stdout, stderr };
    },
  };
}

function command(bin: string, name: string, body: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`);
  chmodSync(join(bin, name), 0o755);
}

/** A pahole: `pahole -C NAME FILE` prints the structure with the offset and size of each member. */
function printer(layout: Layout): string {
  const cases = Object.entries(layout).map(([name, members]) => {
    const lines = Object.entries(members).map(
      ([member, at]) => `\tlong unsigned int          ${member};       /* ${at}     8 */`,
    );
    return `${name}) cat <<'END'\nstruct ${name} {\n${lines.join("\n")}\n\n\t/* size: 99 */\n};\nEND\n;;`;
  });
  return `case $2 in\n${cases.join("\n")}\nesac`;
}
