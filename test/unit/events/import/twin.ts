/**
 * The naive twin of the ftrace scanner: regular expressions and bigint, written from the format.
 *
 * It reads one line of the default layout at a time, slowly and without memory, and shares nothing
 * with the scanner but the rules of probe names. What both say must be the same.
 */
import { probeName } from "../../../../packages/events/src/import/probe-name.ts";

const HEAD =
  /^(.{16})-(\d{1,10}) +(?:\([ \d-]*\) *)?\[(\d{1,6})\] *(?:[^ \d][^ ]{3,7} +)?(\d{1,11}\.\d{1,9}|\d{1,20}): (.*)$/s;
const NAMED = /^([\w.]+):(?: (.*)|(.*))$/s;
const UNNAMED = /^([\w.]+)(?:$|(?= |\()) ?(.*)$/s;
const TITLE = /^<[\w ]*>$/;
const PLACE = /^(\([^)]*\))(?: |$)(.*)$/s;
const ARGUMENT = /^([A-Za-z_]\w*)=(.*)$/s;
const QUOTED = /^".*?"(?=$| (?:[A-Za-z_]\w*=|[^"]*$))/s;
const BRACED = /^\{.*?\}(?=$| )/s;
const WORD = /^[^ ]*/;
const SYMBOL = /^[^ ]+ \[\w+\](?= |$)/;

/** What the twin says of a line; times are absolute, in nanoseconds or ticks. */
export interface TwinEvent {
  comm: string;
  task: number;
  cpu: number;
  time: bigint;
  ticks: boolean;
  probe: string;
  edge: string;
  fields: [string, string][];
  rest: string;
}

/** Reads a line of the default layout; `undefined` when it is no event. */
export function twinOf(line: string): TwinEvent | undefined {
  const head = HEAD.exec(line);
  if (head === null) return undefined;
  const [, comm = "", task, cpu, time = "", text = ""] = head;
  const body = twinBody(text);
  if (body === undefined) return undefined;
  const [seconds = "", fraction] = time.split(".");
  return {
    comm: comm.replace(/^ +/, ""),
    task: Number(task),
    cpu: Number(cpu),
    time: BigInt(seconds + (fraction?.padEnd(9, "0") ?? "")),
    ticks: fraction === undefined,
    ...body,
  };
}

type TwinBody = Pick<TwinEvent, "probe" | "edge" | "fields" | "rest">;

function twinBody(text: string): TwinBody | undefined {
  if (TITLE.test(text)) return { probe: text, edge: "entry", fields: [], rest: "" };
  const named = NAMED.exec(text);
  if (named === null) {
    const [, name, rest = ""] = UNNAMED.exec(text) ?? [];
    if (name === undefined) return undefined;
    const { probe, edge } = probeName(name);
    return { probe, edge: rest.startsWith("-> ") ? "return" : edge, fields: [], rest };
  }
  const [, name = "", afterSpace, glued = ""] = named;
  const args = afterSpace ?? glued;
  const { probe, edge, marker } = probeName(name);
  if (marker) return { probe, edge, fields: [], rest: args };
  const [, place, tail] = PLACE.exec(args) ?? [];
  const { fields, rest } = twinFields(tail ?? args);
  const isReturn = edge === "return" || place?.includes(" <- ") === true;
  const parts = [place, rest].filter((part) => part !== undefined && part !== "");
  return { probe, edge: isReturn ? "return" : "entry", fields, rest: parts.join(" ") };
}

function twinFields(text: string): { fields: [string, string][]; rest: string } {
  const fields: [string, string][] = [];
  const words: string[] = [];
  let left = text;
  while (left !== "") {
    const [, name, tail = ""] = ARGUMENT.exec(left) ?? [];
    if (name !== undefined && !fields.some(([taken]) => taken === name)) {
      const value = twinValue(tail);
      left = tail.slice(value.length + 1);
      fields.push([name, value.length < tail.length ? value.replace(/,$/, "") : value]);
    } else {
      const next = / (?=[A-Za-z_]\w*=)/.exec(left);
      words.push(next === null ? left : left.slice(0, next.index).replace(/ +$/, ""));
      left = next === null ? "" : left.slice(next.index + 1);
    }
  }
  return { fields, rest: words.filter((word) => word !== "").join(" ") };
}

function twinValue(text: string): string {
  const word = WORD.exec(text)?.[0] ?? "";
  if (text.startsWith('"')) return QUOTED.exec(text)?.[0] ?? word;
  if (text.startsWith("{")) return BRACED.exec(text)?.[0] ?? word;
  return SYMBOL.exec(text)?.[0] ?? word;
}
