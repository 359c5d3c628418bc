import type { Subject } from "../../explore/prepare.ts";
import type { Choice } from "../../explore/schedule.ts";
export function fewerSwitches(
  o: Subject & { rule: string; choices: readonly Choice[] },
): readonly Choice[] {
  return o.choices;
}
