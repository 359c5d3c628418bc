/**
 * The rules that a search asks after every step.
 *
 * A search compares states, so a rule may remember nothing from one step to the next: these are the
 * rules that read one state or one step, the parts of K-I11 and K-I19 that do, and forms without
 * memory of some of the others. A search starts each rule's memory anew at every event.
 */
import { K_I14_AT_REST } from "./at-rest.ts";
import { K_I12_ACKNOWLEDGED, K_I13_IN_WINDOW, K_I14_IN_WINDOW } from "./in-window.ts";
import { K_I11 } from "./k-i11-one-seq-per-region.ts";
import { K_I19 } from "./k-i19-read-begin-waits.ts";
import {
  K_I17_AT_RETURN,
  K_I22_HOLDS_NOTHING,
  K_I25_AT_UNLOCK,
  K_I32_BY_CALL,
} from "./lifetime.ts";
import type { Rule } from "./rule.ts";
import { RULES } from "./rules.ts";

/** The rules of a search. */
export const SEARCH_RULES: readonly Rule[] = [
  ...RULES.filter(({ kind }) => kind !== "monitor"),
  K_I11 as Rule,
  K_I12_ACKNOWLEDGED as Rule,
  K_I13_IN_WINDOW as Rule,
  K_I14_AT_REST as Rule,
  K_I14_IN_WINDOW as Rule,
  K_I17_AT_RETURN as Rule,
  K_I19 as Rule,
  K_I22_HOLDS_NOTHING as Rule,
  K_I25_AT_UNLOCK as Rule,
  K_I32_BY_CALL as Rule,
];
