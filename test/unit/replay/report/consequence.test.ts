/** The line below a table, by the rule's id: as grave as the rule is. */
import { RULES, type Severity } from "@mmreplay/core";
import { describe, expect, it } from "vitest";
import { consequenceOf } from "../../../../packages/replay/src/report/table/consequence.ts";

const SAYS: Readonly<Record<Severity, string>> = {
  safety: "The device may use a page that the CPU has taken away.",
  liveness: "A task may wait for ever.",
  contract: "The driver breaks the interface's contract; what follows depends on the timing.",
};

describe("the consequence of a violation", () => {
  it("is the rule's own, or that of its severity", () => {
    const general = new Set(Object.values(SAYS));
    for (const { id, severity } of RULES) {
      const said = consequenceOf(id) ?? "";
      expect(said, id).not.toBe("");
      if (general.has(said)) expect(said, id).toBe(SAYS[severity]);
    }
    expect(consequenceOf("deadlock")).toBeUndefined();
  });
});
