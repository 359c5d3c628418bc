/**
 * A session completes what is typed, and a search that is left in the middle has moved nobody.
 */
import { readFileSync } from "node:fs";
import { emptyState } from "@mmreplay/core";
import { eventIndex, type MmEvent, mmId, taskId } from "@mmreplay/events";
import { beforeAll, describe, expect, it } from "vitest";
import { DebugSession } from "../../../../packages/replay/src/debug/session.ts";
import { Stepper } from "../../../../packages/replay/src/debug/stepper.ts";
import { atEaseUntil } from "../../../../packages/replay/src/explore/at-ease.ts";
import { atOnce } from "../../../../packages/replay/src/explore/search.ts";
import { openInput } from "../../../../packages/replay/src/input/open.ts";
import {
  type OpenedTimeline,
  openTimeline,
} from "../../../../packages/replay/src/timeline/open.ts";
import { Timeline } from "../../../../packages/replay/src/timeline/timeline.ts";
import { trace } from "../../../cli/terminal.ts";

const FILE = trace("cust61-good-stress_tiny.txt.gz");

async function* nothing(): AsyncGenerator<Uint8Array> {}

let opened: OpenedTimeline;

beforeAll(async () => {
  opened = await openTimeline(FILE, openInput(FILE, nothing()));
});

describe("a timeline of bytes that are gzip still", () => {
  it("is refused with what to do", async () => {
    async function* bytes(): AsyncGenerator<Uint8Array> {
      yield readFileSync(FILE);
    }
    await expect(openTimeline(FILE, bytes())).rejects.toThrow(
      /E_BINARY.*a program gunzips the bytes first/,
    );
  });
});

describe("completion", () => {
  const complete = (line: string): string[] =>
    new DebugSession(new Stepper(FILE, opened)).complete(line);

  it("offers verbs that begin as the line does, each once", () => {
    expect(complete("d")).toEqual(["delete", "diff", "diagram"]);
    expect(complete("viol")).toEqual(["violation"]);
    expect(complete("").length).toBeGreaterThan(10);
    expect(complete("zzz")).toEqual([]);
  });

  it("offers conditions after a verb that takes one, and keeps what stands before", () => {
    expect(complete("until t")).toEqual(["until type ", "until task "]);
    expect(complete("  k re")).toEqual(["  k retry"]);
    expect(complete("next n")).toEqual(["next notifier"]);
  });

  it("offers the paths of the state at which one stands", () => {
    const at = new Stepper(FILE, opened);
    const session = new DebugSession(at);
    at.to(60);
    expect(session.complete("why mms[0].subs.se")).toEqual(["why mms[0].subs.seq"]);
    expect(session.complete("quit m")).toEqual([]);
  });
});

describe("a search that is interrupted", () => {
  const LONG = 200_000;

  it("leaves one where one was, and the session goes on", async () => {
    const timeline = new Timeline(emptyState());
    for (let index = 0; index < LONG; index += 1) {
      const base = { index: eventIndex(index), task: taskId(0), mm: mmId(0) };
      timeline.append(
        (index === 0 ? { ...base, type: "mm_create" } : { ...base, type: "mmget" }) as MmEvent,
      );
    }
    const session = new DebugSession(new Stepper("long", { ...opened, timeline }));
    for (const line of ["until mms[0].users == 199999", "until retry"]) {
      let looks = 0;
      const stopped = (): boolean => looks++ > 0;
      expect(await atEaseUntil(session.execute(line), stopped)).toBeUndefined();
      expect(session.prompt).toBe(`#-1/${LONG - 1}> `);
    }
    expect(atOnce(session.execute("goto 3"))[0]).toMatch(/^#3 /);
    expect(session.prompt).toBe(`#3/${LONG - 1}> `);
  });
});
