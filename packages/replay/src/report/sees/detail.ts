/**
 * One operation in the order in which a driver gets it: calls indented, with what each changed.
 *
 * A line is an event of the run; below it stand the entries that it changed. Nothing is written for an
 * operation, so what it tells too late or not at all is seen.
 */
import { kindOf } from "@mmreplay/core";
import {
  type Access,
  type EventOf,
  type EventType,
  type MmEvent,
  notifierId,
} from "@mmreplay/events";
import type { Sight, Step } from "../../sees/sight.ts";
import { returnCode } from "../table/names.ts";
import { Nesting } from "../table/nesting.ts";
import { wordsOf } from "../table/vocabulary.ts";
import { accessWords } from "./summary.ts";
import { changeLines, lockOf, locksOf, pagesFrom, tableLines, toldOf } from "./words.ts";

type Wording = {
  [T in EventType]?: (event: EventOf<T>, told: string) => string;
};

const WORDING: Wording = {
  mmu_notifier_invalidate_range_start: (_, told) => `invalidate_range_start(${told})`,
  invalidate: ({ seq }, told) => `interval notifier: invalidate(${told}, cur_seq ${seq})`,
  invalidate_return: ({ result }) => `invalidate() = ${result}`,
  mn_hlist_invalidate_range_start: ({ rc }, told) =>
    `plain notifier: invalidate_range_start(${told}) = ${returnCode(rc)}`,
  mn_hlist_invalidate_end: (_, told) => `plain notifier: invalidate_range_end(${told})`,
  mn_hlist_callback: ({ operation }) => `plain notifier: ${operation}()`,
  mmap_lock: ({ shared }) => `mmap_lock(${shared === true ? "read" : "write"})`,
  device_unmap: ({ startPage, endPageExclusive }) =>
    `erase the device's ${pagesFrom(startPage, endPageExclusive)}`,
  device_map: () => "store device entries",
  cpu_pte_change: () => "change CPU entries",
  exc_page_fault: ({ page, write }) => `page fault, ${write ? "write" : "read"} of page ${page}`,
  cpu_read: ({ entries }) => `the CPU reads ${accessed(entries)}`,
  cpu_write: ({ entries }) => `the CPU writes ${accessed(entries)}`,
  task_skip: ({ why }) => `nothing is changed: ${why.replaceAll("_", " ")}`,
  alloc_page: ({ frame, copyOf }) =>
    `alloc_page() = frame ${frame}${copyOf === null ? "" : `, a copy of frame ${copyOf}`}`,
  dmirror_fops_unlocked_ioctl: ({ command, startPage, endPageExclusive }) =>
    `device ${command}, ${pagesFrom(startPage, endPageExclusive)}`,
  dmirror_fops_unlocked_ioctl_return: ({ command, rc }) => `device ${command} = ${returnCode(rc)}`,
};

/** The driver's notifier, which is called `sub`. */
const SUBJECT = notifierId(0);

function accessed(entries: readonly Access[]): string {
  return pagesFrom(entries[0]?.[0] ?? 0, (entries.at(-1)?.[0] ?? 0) + 1);
}

/** Steps without a word for a driver. */
const QUIET: ReadonlySet<EventType> = new Set<EventType>([
  "srcu_read_lock",
  "srcu_read_unlock",
  "hmm_vma_handle_pte",
  "cpu_access",
]);

/** Of the device's own steps those that decide. */
const DECIDES: ReadonlySet<EventType> = new Set<EventType>([
  "hmm_range_fault_return",
  "mmu_notifier_invalidate_range_start",
  "invalidate",
  "mmu_notifier_invalidate_range_end",
  "mmu_interval_read_retry",
]);

/** The lines of one operation. */
export function detailLines(sight: Sight): string[] {
  const { seen, before, invalidations, steps } = sight;
  const locks = locksOf(sight);
  const broken: Broken = (index) =>
    sight.findings.flatMap((finding) => (finding.index === index ? [finding.rule] : []));
  const tells = invalidations.map(
    (one) => `${toldOf(one)}${one.owner === null ? ", no owner" : ""}`,
  );
  return [
    seen.name,
    `  kernel  ${seen.site}`,
    ...(tells.length === 0 ? ["nothing"] : tells).flatMap((told, at) => [
      `  tells   ${told}`,
      `  lock    ${locks[at] ?? lockOf(null, true)}`,
    ]),
    "",
    "  before",
    ...tableLines(before).map((line) => `    ${line}`),
    "",
    "  the operation",
    ...stepLines(steps, broken),
    "",
    "  the device afterwards",
    ...afterwardsLines(sight, broken),
    ...wrongLines(sight),
    ...(locks.some((lock) => lock.endsWith("*"))
      ? ["", "  * held in the kernel; the model does not take it"]
      : []),
  ];
}

/** The rules that an event broke. */
type Broken = (index: number) => readonly string[];

function wrongLines({ findings, stuck }: Sight): string[] {
  const wrong = [...findings.map(({ rule, message }) => `${rule}: ${message}`), ...stuck];
  return wrong.length === 0 ? [] : ["", "  broken", ...wrong.map((line) => `    ${line}`)];
}

const isShown = ({ event, cpu, device, seq }: Step): boolean => {
  if (cpu.length + device.length > 0 || seq !== undefined) return true;
  return !QUIET.has(event.type) && (WORDING[event.type] !== undefined || !isQuiet(event));
};

const isQuiet = (event: MmEvent): boolean => wordsOf(event, SUBJECT).quiet === true;

/** Lines of the operation: calls and locks indent what is inside, and so does an open invalidation. */
function stepLines(steps: readonly Step[], broken: Broken): string[] {
  const nesting = new Nesting();
  const open = new Set<number>();
  return steps.flatMap((step) => {
    const { event } = step;
    const shown = isShown(step) || broken(event.index).length > 0;
    if (QUIET.has(event.type) && !shown) return [];
    if (event.type === "mmu_notifier_invalidate_range_end") open.delete(event.region);
    const indent = "  ".repeat(nesting.take(event) + open.size + 2);
    if (event.type === "mmu_notifier_invalidate_range_start_return" && event.rc === 0) {
      open.add(event.region);
    }
    return shown ? linesOf(step, indent, broken) : [];
  });
}

/** Migration entries are replaced as a fault fills entries, but no fault does it. */
const endsMigration = ({ event, cpu }: Step): boolean =>
  event.type === "handle_mm_fault" &&
  cpu.some(({ before }) => kindOf(before)?.includes("migration") === true);

/** The line of an event, with the sequence where it moved. */
function textOf(step: Step): string {
  const { event, invalidation, seq } = step;
  const told = invalidation === undefined ? "" : toldOf(invalidation);
  const wording = WORDING[event.type] as ((event: MmEvent, told: string) => string) | undefined;
  const usual = wording?.(event, told) ?? wordsOf(event, SUBJECT).text;
  const text = endsMigration(step) ? "remove_migration_ptes()" : usual;
  return seq === undefined ? text : `${text}   [ seq ${seq[0]} -> ${seq[1]} ]`;
}

/** An event, what it changed, and which rules it broke. */
function linesOf(step: Step, indent: string, broken: Broken): string[] {
  const { cpu, device, event } = step;
  const outside = changeLines(
    "cpu",
    cpu.filter(({ inside }) => !inside),
  );
  const below = [
    ...changeLines(
      "cpu",
      cpu.filter(({ inside }) => inside),
    ).map((line) => `CPU ${line}`),
    ...outside.map((line) => `CPU ${line}   (in no invalidation)`),
    ...changeLines("device", device).map((line) => `device ${line}`),
    ...broken(event.index).map((rule) => `<-- ${rule}`),
  ];
  return [`${indent}${textOf(step)}`, ...below.map((line) => `${indent}  ${line}`)];
}

/** Each access of the device: its result, and between what decided it. */
function afterwardsLines({ accesses, afterwards }: Sight, broken: Broken): string[] {
  const rest = [...accesses];
  return afterwards.flatMap((step) => {
    const { event } = step;
    if (event.type === "dmirror_fops_unlocked_ioctl") return [`    ${textOf(step)}`];
    if (event.type === "dmirror_fops_unlocked_ioctl_return") {
      const access = rest.shift();
      if (access === undefined) return [];
      return [`      = ${access.rc === 0 ? `0: ${accessWords(access)}` : returnCode(access.rc)}`];
    }
    const matters = DECIDES.has(event.type) || step.cpu.length + step.device.length > 0;
    return matters || broken(event.index).length > 0 ? linesOf(step, "      ", broken) : [];
  });
}
