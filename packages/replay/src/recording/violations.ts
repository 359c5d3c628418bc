/**
 * Violations on their way to findings.
 *
 * A violation that rests on an absence stands only where the recording is whole and the missing
 * probe fires elsewhere in it. One that does not follow from printed values alone falls when events
 * were lost between its first and its last line, which is often known only later, when the loss is
 * reported. Every violation is kept in a few numbers; only the first of each rule are spelled out.
 */
import type { Rule, Verdict } from "@mmreplay/core";
import type { EventType, MmEvent } from "@mmreplay/events";
import { type EvidenceLine, FINDINGS_MAX, type Finding } from "./check-report.ts";

interface Violation {
  readonly rule: string;
  /** First and last line (or index) that it rests on. */
  readonly from: number;
  readonly to: number;
  readonly byValue: boolean;
  readonly absent: EventType | undefined;
  readonly needs: readonly EventType[];
  /** Spelled out; the task is still its number. Absent beyond `FINDINGS_MAX` of a rule. */
  readonly finding: Finding | undefined;
  /** The events around it, for the first of a rule. */
  slice: MmEvent[] | undefined;
  /** The slice is taken when this event has come; null: it is not to be taken. */
  readonly sliceAt: number | null;
  readonly sliceFrom: number;
}

/** Violations that are kept in numbers; more are counted with the last of them. */
const VIOLATIONS_MAX = 1_000_000;

/** What is left when the recording has ended. */
export interface SettledViolations {
  readonly violated: ReadonlyMap<string, number>;
  /** Violations that lost events may explain, by rule. */
  readonly dropped: ReadonlyMap<string, number>;
  readonly findings: Finding[];
  readonly omitted: number;
  readonly headline: number | null;
  readonly slice: MmEvent[];
}

/** Violations of one file. */
export interface Violations {
  add(rule: Rule, verdict: Verdict, event: MmEvent): void;
  /** An event has been reduced: slices that wait for it are taken. */
  passed(index: number): void;
  /** Events are missing somewhere between these two lines. */
  gap(from: number, to: number): void;
  settle(
    fires: (type: EventType) => boolean,
    whole: boolean,
    nameOf: (task: number) => string,
  ): SettledViolations;
}

/** No violation yet. */
export function createViolations(slice: (from: number) => MmEvent[]): Violations {
  let waiting: Violation[] = [];
  let kept: Violation[] = [];
  const spelled = new Map<string, number>();
  const dropped = new Map<string, number>();
  const drop = ({ rule, finding }: Violation): void => {
    dropped.set(rule, (dropped.get(rule) ?? 0) + 1);
    if (finding !== undefined) spelled.set(rule, (spelled.get(rule) ?? 1) - 1);
  };
  const take = (due: (one: Violation) => boolean): void => {
    for (const one of waiting.filter(due)) one.slice = slice(one.sliceFrom);
    waiting = waiting.filter((one) => one.slice === undefined);
  };
  const keepIf = (stands: (one: Violation) => boolean): void => {
    kept = kept.filter((one) => {
      if (stands(one)) return true;
      drop(one);
      return false;
    });
  };
  return {
    add(rule, verdict, event) {
      if (kept.length >= VIOLATIONS_MAX) return;
      const count = spelled.get(rule.id) ?? 0;
      const finding = findingOf(rule, verdict, event);
      const from = Math.min(...finding.evidence.map(place), place(finding));
      const spell = count < FINDINGS_MAX;
      if (spell) spelled.set(rule.id, count + 1);
      const slices =
        spell && (count === 0 || (count < SLICES_MAX && rank(rule.id) < SEVERITY.length));
      const one: Violation = {
        rule: rule.id,
        from,
        to: event.evidence?.at(-1) ?? event.index,
        byValue: verdict.byValue === true,
        absent: verdict.absent,
        needs: verdict.needs ?? [],
        finding: spell ? finding : undefined,
        slice: undefined,
        sliceAt: slices ? event.index + EVENTS_AFTER : null,
        sliceFrom: firstIndex(finding),
      };
      kept.push(one);
      if (slices) waiting.push(one);
    },
    passed(index) {
      if (waiting.length === 0) return;
      take((one) => one.sliceAt !== null && one.sliceAt <= index);
    },
    gap(from, to) {
      keepIf((one) => one.byValue || one.to <= from || one.from >= to);
    },
    settle(fires, whole, nameOf) {
      take(() => true);
      keepIf((one) => one.absent === undefined || (whole && fires(one.absent)));
      keepIf((one) => one.needs.every(fires));
      return { dropped, ...settled(kept, nameOf) };
    },
  };
}

/** What is shown of the violations that stand. */
function settled(
  kept: readonly Violation[],
  nameOf: (task: number) => string,
): Omit<SettledViolations, "dropped"> {
  const violated = new Map<string, number>();
  for (const { rule } of kept) violated.set(rule, (violated.get(rule) ?? 0) + 1);
  const spelled = kept
    .filter((one) => one.finding !== undefined)
    .sort((a, b) => order(a.finding as Finding, b.finding as Finding));
  let gravest: Violation | undefined;
  for (const one of spelled) {
    if (one.slice === undefined) continue;
    if (gravest === undefined || rank(one.rule) < rank(gravest.rule)) gravest = one;
  }
  const list = listed(spelled, gravest);
  return {
    violated,
    findings: list.map(({ finding }) => named(finding as Finding, nameOf)),
    omitted: kept.length - list.length,
    headline: gravest === undefined ? null : list.indexOf(gravest),
    slice: gravest?.slice ?? [],
  };
}

/** Events after a finding that its slice holds: what the driver did next. */
const EVENTS_AFTER = 64;

/** Violations of a rule whose events are kept. */
const SLICES_MAX = 4;

/** The first `FINDINGS_MAX`, and the gravest among them. */
function listed(shown: readonly Violation[], gravest: Violation | undefined): Violation[] {
  const list = shown.slice(0, FINDINGS_MAX);
  if (gravest !== undefined && !list.includes(gravest)) list[list.length - 1] = gravest;
  return list;
}

/** Proven harm first: a stale page, a missed collision, an unprotected store, a missing set_seq. */
const SEVERITY = ["K-I14", "K-I13", "K-I26", "K-I12"];

function rank(rule: string): number {
  const at = SEVERITY.indexOf(rule);
  return at < 0 ? SEVERITY.length : at;
}

const place = (one: { line: number | null; index: number }): number => one.line ?? one.index;

const order = (a: Finding, b: Finding): number =>
  place(a) - place(b) || rank(a.rule) - rank(b.rule);

function firstIndex(finding: Finding): number {
  return Math.min(finding.index, ...finding.evidence.map(({ index }) => index));
}

function findingOf(rule: Rule, verdict: Verdict, event: MmEvent): Finding {
  const at = verdict.at ?? { index: event.index, task: event.task, lines: event.evidence ?? [] };
  const evidence: EvidenceLine[] = (verdict.evidence ?? []).map((seen) => ({
    line: seen.lines.at(-1) ?? null,
    index: seen.index,
    task: String(seen.task),
    text: seen.text,
  }));
  if (verdict.at === undefined && !evidence.some(({ index }) => index === event.index)) {
    evidence.push({
      line: event.evidence?.at(-1) ?? null,
      index: event.index,
      task: String(event.task),
      text: describe(event),
    });
  }
  evidence.sort((a, b) => place(a) - place(b) || a.index - b.index);
  return {
    rule: rule.id,
    verdict: "violated",
    line: at.lines[0] ?? null,
    index: at.index,
    task: String(at.task),
    address: verdict.address ?? null,
    message: verdict.message,
    evidence,
  };
}

/** What the violating event is, in a few words. */
function describe(event: MmEvent): string {
  switch (event.type) {
    case "device_map_begin":
      return event.recordedSeq === undefined
        ? `stores pages looked up under sequence ${event.seq}`
        : `stores pages looked up under sequence ${event.seq}; the notifier's is ${event.recordedSeq}`;
    case "device_map":
      return `stores the entry of page ${event.entries[0]?.[0] ?? "?"}`;
    case "mmu_interval_read_retry":
      return `read_retry(${event.seq}) is ${event.result}`;
    case "invalidate":
      return `callback of notifier${event.notifier} is given cur_seq ${event.seq}`;
    case "invalidate_return":
      return `callback of notifier${event.notifier} returned ${event.result}`;
    default:
      return event.type;
  }
}

function named(finding: Finding, nameOf: (task: number) => string): Finding {
  return {
    ...finding,
    task: nameOf(Number(finding.task)),
    evidence: finding.evidence.map((line) => ({ ...line, task: nameOf(Number(line.task)) })),
  };
}
