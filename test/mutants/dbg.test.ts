import { it } from "vitest";
import { seededChoices } from "../support/random.ts";
import { watchRules } from "../support/rule-watch.ts";
import { startRun } from "../support/run.ts";
import { runFreely } from "../support/schedule.ts";
import { SHAPES } from "../support/shapes.ts";
it("dbg", () => {
  const shape = SHAPES.find((s) => s.name.startsWith("the CPU, a"))!;
  const choices = seededChoices(Number(process.env.SEED));
  const rules = watchRules();
  const run = startRun(shape.build(choices), { watch: rules });
  let at = -1;
  runFreely(run, choices, () => { if (at < 0 && rules.violated().length > 0) at = run.events.length; });
  console.log(at, rules.violated());
  for (const e of run.events.slice(Math.max(0, at - 60), at)) console.log(JSON.stringify(e).slice(0, 230));
});
