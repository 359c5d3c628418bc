/**
 * A driver's report for a reader: what is wrong first, the shortest run of it as a table, then each rule.
 */
import { counted } from "../cli/counted.ts";
import { harmless } from "../cli/harmless.ts";
import { WIDTH_DEFAULT, wrapped } from "../report/table/layout.ts";
import {
  ALWAYS_ASKED,
  type DriverFinding,
  type DriverReport,
  type DriverRule,
} from "./driver-report.ts";

/** Rules that a driver can break by what it does itself; others are named only where they do not hold. */
const DRIVER_RULES: readonly string[] = [
  ...["K-I12", "K-I13", "K-I14", "K-I17", "K-I22", "K-I23", "K-I26", "K-I27", "K-I28"],
  ...["set-seq-locked", "fault-stores", ...Object.keys(ALWAYS_ASKED)],
];

/** What mistakes lead to: pages that the device keeps, or tasks that wait for each other. */
const HARMS: readonly string[] = ["K-I14", "deadlock"];

/** The whole report. */
export function textOfDriver(report: DriverReport): string {
  const { driver, rules, stopped } = report;
  const [first] = rules;
  const broken = rules.filter(({ outcome }) => outcome === "violated");
  const harm = HARMS.flatMap((name) => broken.filter(({ rule }) => rule === name))[0];
  const told = [first, first === harm ? undefined : harm].filter(
    (one) => one?.finding !== undefined,
  );
  const others = stopped && broken.length > 0 ? [] : rules.filter((rule) => !broken.includes(rule));
  const own = DRIVER_RULES.flatMap((name) => others.filter(({ rule }) => rule === name));
  const rows = [...broken, ...own];
  return [
    ...told.flatMap((rule, at) => [
      ...(at === 0 ? [] : ["what comes of it:"]),
      ...findingLines(driver, rule as DriverRule),
      "",
    ]),
    ...wrapped(headOf(report), WIDTH_DEFAULT, 2),
    ...rowsOf(rows).flatMap((row) => wrapped(row, WIDTH_DEFAULT - 2, 2).map((line) => `  ${line}`)),
    ...othersOf(report, rows).map((line) => `  ${line}`),
    "",
  ].join("\n");
}

/** Rules that have no row. */
function othersOf({ rules, stopped }: DriverReport, rows: readonly DriverRule[]): string[] {
  const others = rules.filter((rule) => !rows.includes(rule));
  const held = others.filter(({ outcome }) => outcome === "held").length;
  if (others.length === 0) return [];
  if (stopped && rules[0]?.finding !== undefined)
    return [`${counted(others.length, "other rule")}: not decided before it stopped`];
  const open = others.length - held;
  const rest = open === 0 ? "" : `, ${open} undecided`;
  return [`${counted(others.length, "rule")} about the kernel's own part: ${held} held${rest}`];
}

function headOf(report: DriverReport): string {
  const { driver, searched, whole, states, large, schedules, cutSchedules, seed, stopped } = report;
  const failed = report.rules.some(({ outcome }) => outcome === "violated");
  const ends = stopped ? `; stopped at the first that ${failed ? "fails" : "a bound has cut"}` : "";
  const cut = cutSchedules === 0 ? "" : `; ${cutSchedules} cut for their length`;
  const drawn =
    large === 0
      ? ""
      : `, ${counted(schedules, "schedule")} drawn of ${counted(large, "larger one")} (seed ${seed}${cut})`;
  return `${harmless(driver)}: ${whole} of ${counted(searched, "scenario")} searched whole (${counted(states, "state")})${drawn}${ends}`;
}

/** A row for each rule that is decided, and one for those that one reason leaves undecided. */
function rowsOf(rules: readonly DriverRule[]): string[] {
  const open = new Map<string, string[]>();
  const rows = rules.flatMap(({ rule, states, held, drawn, finding, undecided }) => {
    const name = rule.padEnd(13);
    if (finding !== undefined) {
      return [`${name} violated in ${finding.scenario}: ${lengthOf(finding)}`];
    }
    const [why] = undecided;
    if (why === undefined) {
      const more = drawn === 0 ? "" : `; drawn in ${drawn}`;
      return [`${name} held: ${counted(states, "state")} of ${counted(held, "scenario")}${more}`];
    }
    open.set(why, [...(open.get(why) ?? []), rule]);
    return [];
  });
  return [...rows, ...[...open].map(([why, names]) => `undecided, as ${why}: ${names.join(", ")}`)];
}

function lengthOf({ length, certified }: DriverFinding): string {
  return `${counted(length, "step")}${certified ? ", and no shorter run fails" : ""}`;
}

const failureOf = (driver: string, rule: string): string =>
  rule in ALWAYS_ASKED ? `${driver}: ${rule}` : `${driver} breaks ${rule}`;

function findingLines(driver: string, { rule, statement, finding }: DriverRule): string[] {
  if (finding === undefined) return [];
  const { scenario, title, table, order, schedule } = finding;
  const block = (text: string, indent = 0): string[] =>
    wrapped(harmless(text), WIDTH_DEFAULT - indent, 2).map((line) => " ".repeat(indent) + line);
  return [
    ...block(`${failureOf(driver, rule)} in ${scenario}: ${lengthOf(finding)}`),
    ...block(`rule: ${statement}`),
    ...block(`scenario: ${title}`),
    "",
    ...table,
    "",
    ...(order.length === 0 ? [] : ["order that matters:"]),
    ...order.flatMap((pair) => block(pair, 2)),
    `replay: replayDriver(driver, ${JSON.stringify(schedule)})`,
  ];
}
