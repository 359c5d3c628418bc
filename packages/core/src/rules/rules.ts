/**
 * The table of all rules, in the order of their numbers.
 */
import { K_I1 } from "./k-i1-seq-steps.ts";
import { K_I2 } from "./k-i2-odd-needs-active.ts";
import { K_I3 } from "./k-i3-active-counts-regions.ts";
import { K_I4 } from "./k-i4-last-end-closes-epoch.ts";
import { K_I5 } from "./k-i5-deferred-drained.ts";
import { K_I6 } from "./k-i6-frozen-tree.ts";
import { K_I7 } from "./k-i7-deferred-once.ts";
import { K_I8 } from "./k-i8-notifier-seq-odd.ts";
import { K_I9 } from "./k-i9-notifier-not-ahead.ts";
import { K_I10 } from "./k-i10-notifier-seq-grows.ts";
import { K_I11 } from "./k-i11-one-seq-per-region.ts";
import { K_I12 } from "./k-i12-collision-detection.ts";
import { K_I13 } from "./k-i13-no-false-acceptance.ts";
import { K_I14 } from "./k-i14-no-stale-mapping.ts";
import { K_I15 } from "./k-i15-change-inside-region.ts";
import { K_I16 } from "./k-i16-callbacks-before-change.ts";
import { K_I17 } from "./k-i17-gone-after-remove.ts";
import { K_I18 } from "./k-i18-remove-waits.ts";
import { K_I19 } from "./k-i19-read-begin-waits.ts";
import { K_I20 } from "./k-i20-insert-collides.ts";
import { K_I21 } from "./k-i21-no-callback-from-before.ts";
import { K_I22 } from "./k-i22-nonblock-callback.ts";
import { K_I23 } from "./k-i23-no-refusal-when-blockable.ts";
import { K_I24 } from "./k-i24-refused-start.ts";
import { K_I25 } from "./k-i25-plain-ends.ts";
import { K_I26 } from "./k-i26-check-and-store.ts";
import { K_I27 } from "./k-i27-lookup-inside-section.ts";
import { K_I28 } from "./k-i28-no-lock-when-waiting.ts";
import { K_I29 } from "./k-i29-mm-count.ts";
import { K_I30 } from "./k-i30-register-excludes-regions.ts";
import { K_I31 } from "./k-i31-no-map-after-release.ts";
import { K_I32 } from "./k-i32-srcu-protects-list.ts";
import { K_I33 } from "./k-i33-wake-up.ts";
import { M_I1, M_I2 } from "./m-i1-last-write.ts";
import { M_I3 } from "./m-i3-current-frame.ts";
import { M_I4 } from "./m-i4-references.ts";
import { M_I5 } from "./m-i5-migration.ts";
import { M_I6 } from "./m-i6-device-memory.ts";
import { M_I7 } from "./m-i7-exclusive.ts";
import type { Rule } from "./rule.ts";

/** Every rule. A memory is only ever given back to the rule that made it. */
export const RULES: readonly Rule[] = [
  K_I1 as Rule,
  K_I2 as Rule,
  K_I3 as Rule,
  K_I4 as Rule,
  K_I5 as Rule,
  K_I6 as Rule,
  K_I7 as Rule,
  K_I8 as Rule,
  K_I9 as Rule,
  K_I10 as Rule,
  K_I11 as Rule,
  K_I12 as Rule,
  K_I13 as Rule,
  K_I14 as Rule,
  K_I15 as Rule,
  K_I16 as Rule,
  K_I17 as Rule,
  K_I18 as Rule,
  K_I19 as Rule,
  K_I20 as Rule,
  K_I21 as Rule,
  K_I22 as Rule,
  K_I23 as Rule,
  K_I24 as Rule,
  K_I25 as Rule,
  K_I26 as Rule,
  K_I27 as Rule,
  K_I28 as Rule,
  K_I29 as Rule,
  K_I30 as Rule,
  K_I31 as Rule,
  K_I32 as Rule,
  K_I33 as Rule,
  M_I1 as Rule,
  M_I2 as Rule,
  M_I3 as Rule,
  M_I4 as Rule,
  M_I5 as Rule,
  M_I6 as Rule,
  M_I7 as Rule,
];

/** The rule of an id, or undefined. */
export function ruleOf(id: string): Rule | undefined {
  return RULES.find((rule) => rule.id === id);
}
