import { expect, it } from "vitest";
import { scratch } from "../../support/scratch.ts";
import { tupleRecording } from "../../support/tuples.ts";
import { mmreplay } from "../terminal.ts";
import { expectHarmless } from "./refused.ts";

let number = 0;

/** The pointers that a journal gives to the driver instances of one notifier's recording. */
async function instancesOf(sub: string): Promise<string[]> {
  number += 1;
  const mm = "18446612686381674112";
  const file = scratch(
    `notifier-${number}.json`,
    tupleRecording([
      [0, 1, 7, "insert", { sub, mm, start: 4096, length: 4096 }],
      [0, 2, 7, "insert_ret", { sub, ret: 0 }],
    ]),
  );
  const outcome = await mmreplay(["import", file, "-o", "-"]);
  expectHarmless(outcome);
  expect(outcome.exit).toBe(0);
  const events = outcome.stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  return events.filter(({ kind }) => kind === "mirror").map(({ pointer }) => pointer);
}

it("an instance begins before its notifier", async () => {
  const notifier = 18446612686365354648n;
  const pointer = `0x${(notifier - 0x18n).toString(16)}`;
  expect(await instancesOf(String(notifier))).toEqual([pointer]);
});

it.each([
  ["an error", "18446744073709551615", "0xffffffffffffffff"],
  ["the first error", "18446744073709547521", "0xfffffffffffff001"],
  ["an offset", "8", "0x8"],
  ["the lowest page", "4096", "0x1000"],
])("a notifier that is %s is its own instance", async (_, sub, pointer) => {
  expect(await instancesOf(sub)).toEqual([pointer]);
});
