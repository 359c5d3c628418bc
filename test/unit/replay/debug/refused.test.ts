/**
 * What a session refuses, each in one sentence, and before anything is searched: nobody has moved.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { DebugSession } from "../../../../packages/replay/src/debug/session.ts";
import { Stepper } from "../../../../packages/replay/src/debug/stepper.ts";
import { atOnce } from "../../../../packages/replay/src/explore/search.ts";
import { openInput } from "../../../../packages/replay/src/input/open.ts";
import {
  type OpenedTimeline,
  openTimeline,
} from "../../../../packages/replay/src/timeline/open.ts";
import { trace } from "../../../cli/terminal.ts";

const FILE = trace("cust61-BUG_noretry_ignored-stress_delay.txt.gz");

async function* nothing(): AsyncGenerator<Uint8Array> {}

let opened: OpenedTimeline;

beforeAll(async () => {
  opened = await openTimeline(FILE, openInput(FILE, nothing()));
});

/** A session that stands at an event. */
function at(index: number): DebugSession {
  const stepper = new Stepper(FILE, opened);
  stepper.to(index);
  return new DebugSession(stepper);
}

describe("a session refuses", () => {
  it.each([
    ["until seq 7", 'E_CONDITION: found "7" at the end of "seq 7"'],
    ["since retry banana", 'found "banana" at the end'],
    ["break retry and task 2 3", 'found "3" at the end of "task 2 3"'],
    [
      "until violation K-I99",
      'E_CONDITION: found the rule "K-I99", expected the id of a rule. Did',
    ],
    ["until violation and task 9999", "found task 9999"],
    ["until mms[0].subs.seq === 2", "E_CONDITION: found the operator ==="],
    ["until mms[0].subs.seq < banana", "E_CONDITION: found banana after <"],
    ["until mms[0] > 3", "E_CONDITION: found mms[0] before >, which is no number"],
    ["until mms[0].dead > 3", "found mms[0].dead before >, which is no number"],
    ["until tasks[1].label <= 0x20", "found tasks[1].label before <=, which is no address"],
    ["until notifiers[0].last < 3", "found notifiers[0].last before <, which is no number"],
    ["until mms[0].subs.seq < 0x30", "found mms[0].subs.seq before <, which is no address"],
    ["print __proto__", 'E_PATH: found the path "__proto__", expected one of seqModulus, mms'],
    ["print mms[0].toString", 'E_PATH: found the path "mms[0].toString"'],
    ["until constructor == 3", 'E_PATH: found the path "constructor"'],
    ["until changes hasOwnProperty", 'E_PATH: found the path "hasOwnProperty"'],
    ["why constructor", 'E_PATH: found the path "constructor"'],
    ["print tasks.length", 'E_PATH: found the path "tasks.length", expected a place from 0 to '],
    ["print mms[0].subs.tree.length", "expected a place in a list, from 0 on"],
    ["print mms[-1]", 'E_PATH: found the path "mms[-1]", expected place 0, the only one.'],
    ["print plains[0]", "expected no place: the list is empty"],
    ["diff 1 2 3", "E_ARGUMENT: found 3 moments after diff, expected two at most"],
    ["diagram foo", 'E_ARGUMENT: found "foo" after diagram, expected nothing'],
    ["continue 3", 'E_ARGUMENT: found "3" after continue'],
    ["reverse 3", 'E_ARGUMENT: found "3" after reverse'],
    ["quit now", 'E_ARGUMENT: found "now" after quit'],
    ["violation K-I14", 'E_ARGUMENT: found "K-I14" after violation, expected back, or nothing'],
    ["help foo", 'E_VERB: found "foo"'],
    ["mark 5", 'E_MARK: found "5"'],
    ["mark #5", 'E_MARK: found "#5"'],
    ["mark -1", 'E_MARK: found "-1"'],
    ["mark violation", 'E_MARK: found "violation"'],
  ])("%j", (line, message) => {
    const session = at(93);
    expect(() => atOnce(session.execute(line))).toThrow(message);
    expect(session.prompt).toBe("#93/12372> ");
    expect(session.ended).toBe(false);
    expect(atOnce(session.execute("mark"))).toEqual(["no marks"]);
    expect(atOnce(session.execute("break"))).toEqual(["no breaks"]);
  });
});

describe("a session", () => {
  const firstOf = (session: DebugSession, line: string): string => {
    return (atOnce(session.execute(line))[0] ?? "").split(" ")[0] ?? "";
  };

  it("goes to the next violation of a rule, past those of others", () => {
    expect(firstOf(at(0), "until violation")).toBe("#93");
    const session = at(0);
    const first = firstOf(session, "until violation K-I14");
    expect(atOnce(session.execute(`goto ${first}`)).join("\n")).toContain("K-I14 violated");
    expect(Number(first.slice(1))).toBeGreaterThan(93);
  });

  it("goes to the event that meets all terms", () => {
    expect(firstOf(at(0), "until violation and task 1")).toBe("#93");
    expect(firstOf(at(100), "until retry and task 2")).toBe("#146");
    expect(firstOf(at(100), "until task 2 and retry")).toBe("#146");
  });

  it("helps with one verb, by its name or its letter", () => {
    for (const line of ["help next", "h n"]) {
      const lines = atOnce(at(0).execute(line));
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatch(/^n {2}next \[N/);
    }
    expect(at(0).complete("help vio")).toEqual(["help violation"]);
  });

  it("counts one change as one", () => {
    expect(atOnce(at(92).execute("diff"))[0]).toBe("from #91 to #92: 1 change");
    expect(atOnce(at(92).execute("diff 92"))[0]).toBe("from #92 to #92: 0 changes");
  });

  it("marks a moment by a name that begins as a condition does", () => {
    expect(atOnce(at(5).execute("mark seq odd"))).toEqual(["seq odd  #5"]);
  });
});
