/**
 * Why a text is no term of a condition.
 *
 * A search that has texts, too, takes some of these for one: those that begin like no term, and those that go on after
 * it, as `seq 7` does in the list. One whose argument is wrong is a mistake in both.
 */
import { SimError } from "@mmreplay/events";

/** A text that is no term. */
export interface NoTerm {
  readonly kind: "none";
  /** It may be meant as text. */
  readonly isText: boolean;
  readonly error: SimError;
}

/** A text that is none of the terms, or has no right argument. */
export function noTerm(text: string, isText: boolean): NoTerm {
  return refused(isText, {
    found: `the condition ${JSON.stringify(text)}`,
    expected:
      'violation, violation RULE, retry, seq, type NAME, task N, notifier N, page 0xADDRESS, changes PATH, PATH == VALUE, or some of these joined by "and"',
    action: "Write one of these.",
  });
}

/** A term after which a text goes on. */
export function surplus(text: string, rest: string, kind: string): NoTerm {
  const rule = kind === "violation" ? "the id of a rule, " : "";
  const compare =
    kind === "seq" ? " A sequence number is compared by its path: mms[0].subs.seq == 7." : "";
  return refused(true, {
    found: `${JSON.stringify(rest)} at the end of ${JSON.stringify(text)}`,
    expected: `${rule}nothing, or "and" with another condition`,
    action: `Leave it out.${compare}`,
  });
}

/** The refusal of a text. */
export function refused(
  isText: boolean,
  parts: { readonly found: string; readonly expected: string; readonly action: string },
): NoTerm {
  return { kind: "none", isText, error: new SimError({ code: "E_CONDITION", ...parts }) };
}
