/**
 * The recorder for kprobe events: a POSIX shell script that a kernel developer can audit in a minute.
 *
 * It says at its top what it changes, computes struct offsets on the target (fixed ones are a trap: they
 * change with version and configuration), and removes everything again when it ends, however it ends.
 */
import { readFileSync } from "node:fs";
import { CORE_PROBES, REQUIRED_MEMBERS, REQUIRED_PROBES, TEST_HMM_PROBES } from "./probes.ts";

/** Drivers with probes of their own. */
export const RECORDED_DRIVERS: readonly string[] = ["test_hmm"];

/** What a script is made for. */
export interface RecorderOptions {
  /** One of `RECORDED_DRIVERS`; absent: the notifier core only. */
  readonly driver?: string;
  /** Kernel whose layout is used where pahole is missing; absent: the running one. */
  readonly kernel?: string;
}

/**
 * The text of the recorder script.
 *
 * @example
 * ```ts
 * await writeFile("record.sh", kprobeScript({ driver: "test_hmm" }));
 * ```
 */
export function kprobeScript(options: RecorderOptions = {}): string {
  const withDriver = options.driver !== undefined;
  const groups = withDriver ? "mn dm" : "mn";
  return `${[
    ...opening(options, groups),
    `groups="${groups}"`,
    `driver="${options.driver ?? ""}"`,
    `kernel=${options.kernel === undefined ? '"$(uname -r)"' : `"${options.kernel}"`}`,
    `required_probes="${REQUIRED_PROBES.join(" ")}"`,
    `required_members="${REQUIRED_MEMBERS.join(" ")}"`,
    "",
    "# The probes. {struct.member} stands for an offset, filled in below. $argN is the N-th argument.",
    "probes() {",
    "	cat <<'PROBES'",
    ...CORE_PROBES,
    ...(withDriver ? TEST_HMM_PROBES : []),
    "PROBES",
    "}",
    "",
  ].join("\n")}${body()}`;
}

/** Kept as a shell script, so that it can be read, checked and run as one; it ships with the sources. */
function body(): string {
  const text = readFileSync(new URL("../../src/recorder/kprobe-body.sh", import.meta.url), "utf8");
  // Its own head speaks to who edits it, not to who runs it.
  return text.slice(text.indexOf("die() {"));
}

function opening(options: RecorderOptions, groups: string): string[] {
  const subject =
    options.driver === undefined
      ? "the mmu notifier core and HMM"
      : "the mmu notifier core, HMM and lib/test_hmm.c";
  return [
    "#!/bin/sh",
    `# Records ${subject} with kprobe events, for: mmreplay check FILE`,
    "#",
    "# usage: sh record.sh [-n] [-o FILE] [COMMAND [ARGUMENT...]]",
    "#   Records while COMMAND runs; without one, until Ctrl-C.",
    "#   -n       print the probes with their offsets, change nothing",
    "#   -o FILE  where the recording goes (mmreplay-trace.txt)",
    "# environment: BUFFER_KB, the buffer of each CPU (32768); TRACEFS (/sys/kernel/tracing)",
    "#",
    "# Needs root and CONFIG_KPROBE_EVENTS on x86-64 or arm64. COMMAND runs as root, too.",
    "# What it changes, and undoes when it ends:",
    `#   kprobe events in the ${groups.includes(" ") ? "groups" : "group"} ${groups.replace(" ", " and ")}`,
    "#   a trace instance of its own, instances/mmreplay (other tracing is not disturbed)",
    "# Nothing is sent anywhere. Made by mmreplay record --tool kprobe.",
    "",
    "set -u",
  ];
}
