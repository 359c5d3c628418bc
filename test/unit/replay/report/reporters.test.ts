import { describe, expect, it } from "vitest";
import type { FileReport } from "../../../../packages/replay/src/recording/check-report.ts";
import type { FileResult } from "../../../../packages/replay/src/report/check/reporter.ts";
import {
  createReporter,
  type ReporterName,
} from "../../../../packages/replay/src/report/check/reporters.ts";
import { plain } from "../../../../packages/replay/src/report/paint.ts";
import { RACE_REPORT, STALE_STORE } from "./race.ts";

const HELD: FileReport = {
  ...RACE_REPORT,
  file: "good.txt",
  verdict: "held",
  rules: { "K-I1": { held: 5, violated: 0, undecided: 0, unobserved: 0 } },
  findings: [],
  omitted: 0,
  headline: null,
  slice: [],
};
const UNDECIDED: FileReport = {
  ...HELD,
  file: "lost.txt",
  verdict: "undecided",
  lost: 12,
  rules: { "K-I1": { held: 5, violated: 0, undecided: 1, unobserved: 0 } },
  notes: ["The recorder dropped 12 events."],
};
const FAILURE: FileResult = {
  file: "no.txt",
  error: { code: "E_NOT_FOUND", message: "no.txt: E_NOT_FOUND: found no such file." },
};

const ALL: readonly FileResult[] = [RACE_REPORT, HELD, UNDECIDED, FAILURE];

function report(
  name: ReporterName,
  results: readonly FileResult[],
  options: { explain?: boolean; nearMiss?: boolean } = {},
): string {
  const reporter = createReporter(name, {
    paint: plain,
    explain: false,
    nearMiss: false,
    width: 75,
    required: [],
    ...options,
  });
  const begin = reporter.begin(results.length);
  const files = results.map((result, index) => reporter.file(result, index));
  return [begin, ...files, reporter.end(results)].join("");
}

describe("text", () => {
  it("puts the verdict first, then the rule, the evidence, the table and the counts", () => {
    const text = report("text", [RACE_REPORT]);
    const parts = [
      "trace.txt: VIOLATED (K-I14 12 times)",
      "60 events, 2 notifiers, 1 invalidation, 22 read sections, 0 retried, 3 x -EBUSY",
      "  K-I14: After a notifier's callback",
      "  trace.txt:138: gpu-worker-7: Pages are stored",
      "  trace.txt:122  app-42        UNMAP invalidation starts",
      "  CPU0 - gpu-worker-7",
      "Rule K-I14 violated: The device maps a page",
      "rules: 1 violated, 1 undecided, 1 held, 1 without a case, 1 unobserved",
      "cases that held: K-I1 5",
    ];
    const places = parts.map((part) => text.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it("keeps within 100 columns", () => {
    const text = report("text", ALL, { explain: true, nearMiss: true });
    expect(text.split("\n").filter((line) => line.length > 100)).toEqual([]);
  });

  it("says why a file is undecided, and sums several files up", () => {
    const text = report("text", ALL);
    expect(text).toContain("lost.txt: UNDECIDED");
    expect(text).toContain("The recorder dropped 12 events.");
    expect(text).toContain("no.txt: not readable (E_NOT_FOUND)");
    expect(text).toMatch(/\n4 files: 1 violated, 1 undecided, 1 held, 1 not readable\n$/);
  });

  it("explains the rules with source, counts and the probes that would show them", () => {
    const text = report("text", [RACE_REPORT], { explain: true });
    expect(text).toContain("  K-I14 (violated 12, held 7)\n    After a notifier's");
    expect(text).toContain("  K-I24 (no case occurred)");
    expect(text).toMatch(/ {2}K-I29 \(unobserved\)[\s\S]*would be shown by: /);
  });

  it("counts near misses when asked to", () => {
    expect(report("text", [RACE_REPORT], { nearMiss: true })).toContain(
      "near misses: 0 caught by read_retry, 3 by hmm_range_fault (-EBUSY), in 22 read sections",
    );
  });
});

describe("ktap", () => {
  it("is a test for each file and a subtest for each rule; what is open is no pass", () => {
    expect(report("ktap", ALL)).toBe(`KTAP version 1
1..4
  KTAP version 1
  1..5
  # ftrace: 60 events, 2 notifiers, 1 invalidation, 22 read sections, 0 retried, 3 x -EBUSY, 0 x -EAGAIN
  ok 1 K-I1
  ok 2 K-I12 # SKIP undecided in 1 case
  # trace.txt:138: Pages are stored that were looked up before the UNMAP invalidation.
  # 11 more violations of K-I14 omitted
  not ok 3 K-I14
  ok 4 K-I24 # SKIP no case occurred
  ok 5 K-I29 # SKIP unobserved, needs a record of mm_init
not ok 1 trace.txt
  KTAP version 1
  1..1
  # ftrace: 60 events, 2 notifiers, 1 invalidation, 22 read sections, 0 retried, 3 x -EBUSY, 0 x -EAGAIN
  ok 1 K-I1
ok 2 good.txt
  KTAP version 1
  1..1
  # ftrace: 60 events, 12 lost, 2 notifiers, 1 invalidation, 22 read sections, 0 retried, 3 x -EBUSY, 0 x -EAGAIN
  ok 1 K-I1 # SKIP undecided in 1 case
ok 3 lost.txt # SKIP undecided: The recorder dropped 12 events.
# no.txt: E_NOT_FOUND: found no such file.
not ok 4 no.txt
`);
  });
});

describe("junit", () => {
  it("is a suite for each file, with failures, errors and skips counted", () => {
    const xml = report("junit", ALL);
    expect(xml).toContain(
      '<testsuite name="trace.txt" tests="5" failures="1" errors="0" skipped="3">',
    );
    expect(xml).toContain(
      '<testsuite name="no.txt" tests="1" failures="0" errors="1" skipped="0">',
    );
    expect(xml.match(/<testcase /g)).toHaveLength(8);
    expect(xml.match(/<\/testsuites>\n$/)).not.toBeNull();
  });

  it("escapes what XML would misread, and what it cannot hold", () => {
    const message = 'a <b> & "c" \u001b[2J \u0085';
    const finding = { ...STALE_STORE, message };
    const xml = report("junit", [{ ...RACE_REPORT, findings: [finding] }]);
    expect(xml).toContain('message="a &lt;b&gt; &amp; &quot;c&quot; \\x1b[2J \\x85"');
  });
});

describe("github", () => {
  it("annotates the line of the recording", () => {
    expect(report("github", [RACE_REPORT])).toBe(
      "::error file=trace.txt,line=138,title=K-I14 violated::gpu-worker-7: Pages are stored that were looked up before the UNMAP invalidation.\n" +
        "::notice::11 findings omitted\n1 file: 1 violated\n",
    );
  });

  it("shows ten annotations at most, of every file some, and counts the others", () => {
    const many = { ...RACE_REPORT, findings: Array(50).fill(STALE_STORE), omitted: 0 };
    const distinct = many.findings.map((one, at) => ({ ...one, index: one.index + at }));
    const text = report("github", [
      { ...many, findings: distinct },
      { ...many, file: "b.txt", findings: distinct },
    ]);
    expect(text.match(/^::error file=trace/gm)).toHaveLength(5);
    expect(text.match(/^::error file=b/gm)).toHaveLength(5);
    expect(text).toContain("::notice::90 findings omitted\n");
  });

  it("escapes what would end a command or a property", () => {
    const text = report("github", [
      { ...RACE_REPORT, file: "a:b,c%.txt", findings: [{ ...STALE_STORE, message: "x\ny" }] },
    ]);
    expect(text).toContain("file=a%3Ab%2Cc%25.txt,line=138");
    expect(text).toContain("gpu-worker-7: x y\n");
  });
});

describe("md", () => {
  it("has the table in a fence and no markup from outside", () => {
    const text = report("md", [{ ...RACE_REPORT, file: "a_*b*.txt" }]);
    expect(text).toContain("## a\\_\\*b\\*.txt: violated\n");
    expect(text.match(/^```$/gm)).toHaveLength(2);
    expect(text).toContain("| K-I14 | 7 | 12 | 0 |");
  });
});
