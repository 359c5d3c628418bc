/**
 * What can be seen of a wrong driver where it is written: drivers that the compiler refuses, and a right one.
 */
const RIGHT = `start: { do: "return", result: true }`;

/** Each is one line of a file of its own kind of mistake. */
const DRIVERS: readonly (readonly [string, string, string, boolean])[] = [
  ["a right one", `start: { do: "read_begin", next: "done" }`, RIGHT, true],
  ["a label that no step has", `start: { do: "read_begin", next: "gone" }`, RIGHT, false],
  ["a check with one way out", `start: { do: "read_retry", next: "done" }`, RIGHT, false],
  ["an action of the callback", `start: { do: "set_seq", next: "done" }`, RIGHT, false],
  ["no start", `begin: { do: "read_begin", next: "done" }`, RIGHT, false],
  [
    "a variable that is not declared",
    `start: ({ variables }) => ({ do: "set", variables: { m: variables.n }, next: "done" })`,
    RIGHT,
    false,
  ],
  [
    "a look at what is not in the view",
    `start: ({ locked }) => (locked ? { do: "unlock", next: "done" } : { do: "lock", next: "done" })`,
    RIGHT,
    false,
  ],
  [
    "a callback that returns no answer",
    `start: { do: "read_begin", next: "done" }`,
    `start: ({ blockable }) => ({ do: "return", result: blockable ? "yes" : "no" })`,
    false,
  ],
];

const codeOf = (fault: string, invalidate: string): string =>
  `defineDriver({ name: "x", variables: { n: 0 }, faultPath: { ${fault}, done: { do: "return", result: "stored" } }, invalidate: { ${invalidate} } });`;

/** All of them as one module, each in a line of its own after the first. */
export const MODULE: string = [
  'import { defineDriver } from "@mmreplay/core";',
  ...DRIVERS.map(([, fault, invalidate]) => codeOf(fault, invalidate)),
].join("\n");

/** The names of those in which nothing is refused, by the lines that are. */
export function notRefused(lines: ReadonlySet<number>): string[] {
  return DRIVERS.filter((_, at) => !lines.has(at + 2)).map(([name]) => name);
}

/** The names of the right ones. */
export const RIGHT_ONES: readonly string[] = DRIVERS.flatMap(([name, , , isRight]) =>
  isRight ? [name] : [],
);
