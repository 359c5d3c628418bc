/**
 * What `next` and `back` step along, in words: `task`, `notifier 3`, `page 0x200008000`.
 */
import { SimError } from "@mmreplay/events";
import { ALONG_KINDS, type Along, alongHere } from "../timeline/along.ts";
import type { Moment } from "../timeline/timeline.ts";

/** What was stepped along last, and to which event: an invalidation of many pages does not lead to another page. */
export interface Followed {
  readonly along: Along;
  readonly index: number;
}

/**
 * The thing that words name; undefined: they begin with none of its kinds. A kind alone is what was followed to this
 * event, else what the event concerns.
 *
 * @throws SimError `E_ALONG` when a kind alone is said where the event concerns none, or its name is wrong.
 */
export function alongIn(words: string, moment: Moment, followed?: Followed): Along | undefined {
  const [word = "", name, ...more] = words.trim().split(/\s+/);
  const kind = ALONG_KINDS.find((one) => word !== "" && one.startsWith(word));
  if (kind === undefined) return undefined;
  const goesOn = followed?.index === moment.index && followed.along.kind === kind;
  if (name === undefined) return goesOn ? followed.along : alongHere(moment, kind);
  const id = more.length > 0 ? undefined : idOf(kind, name);
  if (id !== undefined) return { kind, id };
  throw new SimError({
    code: "E_ALONG",
    found: JSON.stringify(words),
    expected: `${kind}, or ${kind} ${kind === "page" ? "0xADDRESS" : "N"}`,
    action: "Say one of these.",
  });
}

function idOf(kind: Along["kind"], name: string): number | undefined {
  if (kind !== "page") return /^\d{1,15}$/.test(name) ? Number(name) : undefined;
  return /^0x[0-9a-f]{1,16}$/i.test(name) ? Number(BigInt(name) >> 12n) : undefined;
}
