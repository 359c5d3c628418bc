/**
 * Violations on their way to findings.
 *
 * A violation that rests on an absence stands only where the recording is whole and the missing
 * probe fires elsewhere in it. One that does not follow from printed values alone falls when events
 * were lost between its first and its last line, which may be known before it or only later, when the
 * loss is reported. Every violation is kept in a few numbers; only the first of each rule are spelled out.
 */
import {
  earliest,
  latest,
  type Rule,
  type StalePages,
  type Verdict,
  type Witness,
  witnessEntry,
} from "@mmreplay/core";
import type { EventType, MmEvent } from "@mmreplay/events";
import { type EvidenceLine, FINDINGS_MAX, type Finding } from "./check-report.ts";
import type { Wholeness } from "./wholeness.ts";

/** One violation that stands, in a few numbers. */
export interface Violated {
  readonly rule: string;
  /** Index of the event to point at. */
  readonly index: number;
  readonly stale: StalePages | undefined;
  /** Spelled out, for the first ones of a rule. */
  readonly finding: Finding | undefined;
}

interface Violation extends Violated {
  /** First and last place that it rests on. */
  readonly from: number;
  readonly to: number;
  /** The place to point at. */
  readonly place: number;
  readonly byValue: boolean;
  /** All that it rests on was written by one processor. */
  readonly oneProcessor: boolean;
  readonly absent: EventType | undefined;
  readonly needs: readonly EventType[];
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
  /** All that stand, in the order of their events. */
  readonly violations: readonly Violated[];
  /** Why they were withdrawn, in sentences. */
  readonly weakened: readonly string[];
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
    wholeness: Pick<Wholeness, "whole" | "uncounted" | "loose">,
    nameOf: (task: number) => string,
  ): SettledViolations;
}

/** Violations in the making. */
interface Book {
  kept: Violation[];
  /** Violations whose slices are not taken yet. */
  waiting: Violation[];
  /** Findings spelled out, by rule and by whether a gap can withdraw them. */
  readonly spelled: Map<string, number>;
  readonly dropped: Map<string, number>;
  /** How many were withdrawn for each reason. */
  readonly reasons: Map<string, number>;
  readonly slice: (from: number) => MmEvent[];
  /** Violations of a rule that are spelled out. */
  readonly spelledMax: number;
  /** The latest place before which events are known to be missing. */
  gapEnd: number;
}

function more(counts: Map<string, number>, key: string, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

/** Withdraws the violations that do not stand. */
function keepIf(
  book: Book,
  stands: (one: Violation) => boolean,
  reason: (one: Violation) => string,
): void {
  book.kept = book.kept.filter((one) => {
    if (stands(one)) return true;
    withdraw(book, one.rule, reason(one));
    if (one.finding !== undefined) more(book.spelled, kindOf(one), -1);
    return false;
  });
}

function withdraw(book: Book, rule: string, reason: string): void {
  more(book.dropped, rule);
  more(book.reasons, `${rule}: ${reason}`);
}

const IN_A_GAP = "events are missing between the lines that would prove a violation";

/** What follows from values is spelled out apart: a gap does not withdraw it. */
const kindOf = ({ rule, byValue }: Pick<Violation, "rule" | "byValue">): string =>
  byValue ? `${rule} by value` : rule;

function takeSlices(book: Book, due: (one: Violation) => boolean): void {
  for (const one of book.waiting.filter(due)) one.slice = book.slice(one.sliceFrom);
  book.waiting = book.waiting.filter((one) => one.slice === undefined);
}

function addTo(book: Book, rule: Rule, verdict: Verdict, event: MmEvent): void {
  if (book.kept.length >= VIOLATIONS_MAX) return;
  const byValue = verdict.byValue === true;
  const from = Math.min(...(verdict.evidence ?? []).map((seen) => seen.from), earliest(event));
  if (!byValue && from < book.gapEnd) {
    withdraw(book, rule.id, IN_A_GAP);
    return;
  }
  const kind = kindOf({ rule: rule.id, byValue });
  const count = book.spelled.get(kind) ?? 0;
  const finding = findingOf(rule, verdict, event);
  const spell = count < book.spelledMax;
  const grave = rank(rule.id) < SEVERITY.length;
  const slices = spell && (count === 0 || (count < SLICES_MAX && grave));
  if (spell) more(book.spelled, kind);
  const one: Violation = {
    rule: rule.id,
    index: finding.index,
    stale: verdict.stale,
    from,
    to: latest(event),
    place: verdict.at?.place ?? earliest(event),
    byValue,
    oneProcessor: isOfOneProcessor(verdict, event),
    absent: verdict.absent,
    needs: verdict.needs ?? [],
    finding: spell ? finding : undefined,
    slice: undefined,
    sliceAt: slices ? event.index + EVENTS_AFTER : null,
    sliceFrom: firstIndex(finding),
  };
  book.kept.push(one);
  if (slices) book.waiting.push(one);
}

function isOfOneProcessor({ evidence = [], at }: Verdict, event: MmEvent): boolean {
  const events = [
    event,
    ...evidence.map((one) => one.event),
    ...(at === undefined ? [] : [at.event]),
  ];
  return events.every(({ cpu }) => cpu !== undefined && cpu === event.cpu);
}

/** Withdraws what the recording as a whole does not carry. */
function weaken(
  book: Book,
  fires: (type: EventType) => boolean,
  { whole, uncounted, loose }: Pick<Wholeness, "whole" | "uncounted" | "loose">,
): void {
  keepIf(
    book,
    ({ oneProcessor }) => oneProcessor || !loose,
    () => "lines of several processors would prove a violation, and their order is not certain",
  );
  keepIf(
    book,
    ({ absent }) => absent === undefined || (whole && fires(absent)),
    ({ absent }) =>
      absent !== undefined && fires(absent)
        ? `no ${absent} is seen, which proves something only where nothing is missing`
        : `no ${absent} is seen anywhere: is it probed?`,
  );
  keepIf(
    book,
    ({ needs }) => needs.every(fires),
    ({ needs }) => `no ${needs.filter((type) => !fires(type)).join(", ")} is seen: is it probed?`,
  );
  keepIf(
    book,
    ({ needs }) => needs.length === 0 || !uncounted,
    ({ needs }) =>
      `no ${needs.join(", ")} is seen in between, and nothing says whether the text is whole`,
  );
}

/**
 * No violation yet.
 *
 * @param slice Gives the kept events from an index on.
 * @param spelledMax Violations of a rule that are spelled out.
 */
export function createViolations(
  slice: (from: number) => MmEvent[],
  spelledMax: number,
): Violations {
  const book: Book = {
    kept: [],
    waiting: [],
    spelled: new Map(),
    dropped: new Map(),
    reasons: new Map(),
    slice,
    spelledMax,
    gapEnd: 0,
  };
  return {
    add: (rule, verdict, event) => addTo(book, rule, verdict, event),
    passed(index) {
      if (book.waiting.length === 0) return;
      takeSlices(book, ({ sliceAt }) => sliceAt !== null && sliceAt <= index);
    },
    gap(from, to) {
      book.gapEnd = Math.max(book.gapEnd, to);
      keepIf(
        book,
        (one) => one.byValue || one.to <= from || one.from >= to,
        () => IN_A_GAP,
      );
    },
    settle(fires, wholeness, nameOf) {
      takeSlices(book, () => true);
      weaken(book, fires, wholeness);
      const weakened = [...book.reasons].map(([reason, count]) => `${reason} (${count}).`);
      return { dropped: book.dropped, weakened, ...settled(book.kept, nameOf) };
    },
  };
}

/** What is shown of the violations that stand. */
function settled(
  kept: readonly Violation[],
  nameOf: (task: number) => string,
): Omit<SettledViolations, "dropped" | "weakened"> {
  const violated = new Map<string, number>();
  for (const { rule } of kept) violated.set(rule, (violated.get(rule) ?? 0) + 1);
  const spelled = kept
    .filter((one) => one.finding !== undefined)
    .sort((a, b) => a.place - b.place || rank(a.rule) - rank(b.rule));
  let gravest: Violation | undefined;
  for (const one of spelled) {
    if (one.slice === undefined) continue;
    if (gravest === undefined || rank(one.rule) < rank(gravest.rule)) gravest = one;
  }
  const list = listed(spelled, gravest);
  return {
    violated,
    violations: kept
      .map(({ rule, index, stale, finding }) => ({
        rule,
        index,
        stale,
        finding: finding === undefined ? undefined : named(finding, nameOf),
      }))
      .sort((a, b) => a.index - b.index || rank(a.rule) - rank(b.rule)),
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

function firstIndex(finding: Finding): number {
  return Math.min(finding.index, ...finding.evidence.map(({ index }) => index));
}

function findingOf(rule: Rule, verdict: Verdict, event: MmEvent): Finding {
  const own = { index: event.index, task: event.task, line: event.evidence?.[0] ?? null };
  const at = verdict.at ?? own;
  const seen: Witness[] = [...(verdict.evidence ?? [])];
  if (verdict.at === undefined && !seen.some(({ index }) => index === event.index)) {
    seen.push(witnessEntry(event, describe(event)));
  }
  seen.sort((a, b) => a.place - b.place || a.index - b.index);
  const evidence = seen.map(
    ({ line, index, task, text }): EvidenceLine => ({ line, index, task: String(task), text }),
  );
  return {
    rule: rule.id,
    verdict: "violated",
    line: at.line,
    index: at.index,
    at: (verdict.at?.event ?? event).at ?? null,
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
