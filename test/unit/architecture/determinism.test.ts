import { describe, expect, it } from "vitest";
import { allSources, places, sourcesOf } from "./sources.ts";

const PURE = [...sourcesOf("events"), ...sourcesOf("core")];

describe("events and core are deterministic", () => {
  it.each([
    ["the clock", /\bDate\b|\bperformance\b|\bTemporal\b/],
    ["entropy", /\bMath\.random\b|\bcrypto\b|\brandomUUID\b/],
    ["timers", /\bset(Timeout|Interval|Immediate)\b|\bqueueMicrotask\b/],
    ["the process", /\bprocess\.|\bnode:|\bconsole\.(log|error|warn|info|debug)\b|\bglobalThis\b/],
    ["the locale", /\btoLocale\w+|\blocaleCompare\b|\bIntl\./],
    ["promises", /\basync\b|\bawait\b|\bnew Promise\b/],
    ["weak references", /\bWeakRef\b|\bFinalizationRegistry\b/],
  ])("they do not know %s", (_, pattern) => {
    expect(places(PURE, pattern)).toEqual([]);
  });

  it("nothing draws a random number: seeds and choices are passed in", () => {
    expect(places(allSources(), /\bMath\.random\b|\brandomUUID\b|\bgetRandomValues\b/)).toEqual([]);
  });
});

/** Test files share their modules (vitest.config.ts), and so may the two callers of a library. */
describe("no module keeps anything between two calls", () => {
  it.each([
    ["variable", /^(export )?(let|var)\b/],
    ["static field", /^\s+(\w+ )*static (?!readonly\b)\w+( =|:)/],
    [
      "collection that is to be filled",
      /^(export )?const \w+(: (?!readonly\b).*?)? = (new (Weak)?(Map|Set)\b.*\(\)|\[\]|\{\});/,
    ],
  ])("it has no %s of its own", (_, pattern) => {
    expect(places(allSources(), pattern)).toEqual([]);
  });
});
