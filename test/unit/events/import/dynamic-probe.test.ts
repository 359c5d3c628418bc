import { describe, expect, it } from "vitest";
import { createBodyReader } from "../../../../packages/events/src/import/dynamic-probe.ts";
import { probeName } from "../../../../packages/events/src/import/probe-name.ts";

/** Reads the text twice with one reader: the second time by what it learned from the first. */
function body(text: string) {
  const reader = createBodyReader(false);
  const first = { ...reader.named(text, 0) };
  expect({ ...reader.named(text, 0) }).toEqual(first);
  return first;
}

describe("the body of a dynamic probe", () => {
  it("has a place, then arguments as printed", () => {
    expect(
      body(
        "inv_start: (__mmu_notifier_invalidate_range_start+0x0/0x50) range=0xff start=0x4c0000 event=1",
      ),
    ).toEqual({
      probe: "inv_start",
      edge: "entry",
      fields: { range: "0xff", start: "0x4c0000", event: "1" },
      rest: "(__mmu_notifier_invalidate_range_start+0x0/0x50)",
    });
  });

  it("of a return probe names the caller, which makes it a return whatever its name", () => {
    expect(body("done: (chrdev_open+0xbf/0x230 <- dmirror_fops_open) ret=-16")).toMatchObject({
      probe: "done",
      edge: "return",
    });
    expect(body("done: ([unknown/kretprobe'd] <- f)")).toMatchObject({
      edge: "return",
      fields: {},
    });
    expect(body("done: (ffffffff81275190 <- ffffffffc02017cc) ret=0")).toMatchObject({
      edge: "return",
      fields: { ret: "0" },
    });
    expect(body("open: (ffffffffc0201740) filp=0x1")).toMatchObject({ edge: "entry" });
  });

  it("strings may hold spaces, equals signs and quotes", () => {
    expect(body('f: (x) a="x y" b="k=v" c="" d="say "hi" now" e=1').fields).toEqual({
      a: '"x y"',
      b: '"k=v"',
      c: '""',
      d: '"say "hi" now"',
      e: "1",
    });
  });

  it("a string that nothing closes ends with its word", () => {
    expect(body('f: (x) a="x y z')).toMatchObject({ fields: { a: '"x' }, rest: "(x) y z" });
  });

  it("arrays, faults and symbols with their module are values", () => {
    expect(
      body('f: (x) c={0x1,0x2} d={"a b","c"} s=(fault) ops=min_ops+0x0/0x40 [test_hmm] n=2').fields,
    ).toEqual({
      c: "{0x1,0x2}",
      d: '{"a b","c"}',
      s: "(fault)",
      ops: "min_ops+0x0/0x40 [test_hmm]",
      n: "2",
    });
  });

  it("commas between arguments are no part of the values", () => {
    expect(body("set_migration_pte: addr=7f00, pte=dead, order=0").fields).toEqual({
      addr: "7f00",
      pte: "dead",
      order: "0",
    });
  });

  it("what is no argument stays in rest, in its order", () => {
    expect(body("tlb_flush: pages:1 reason:local MM shootdown (3)")).toMatchObject({
      fields: {},
      rest: "pages:1 reason:local MM shootdown (3)",
    });
    expect(body("tlb_flush: pages=-1 reason= (4)")).toMatchObject({
      fields: { pages: "-1", reason: "" },
      rest: "(4)",
    });
    expect(body("f: (x) one a=0x1 (1) two  words b=2 end")).toMatchObject({
      fields: { a: "0x1", b: "2" },
      rest: "(x) one (1) two  words end",
    });
  });

  it("an argument that comes twice is kept once, and the other in rest", () => {
    expect(body("f: (x) a=1 b=2 a=3")).toMatchObject({
      fields: { a: "1", b: "2" },
      rest: "(x) a=3",
    });
  });

  it("names of the language's own objects are names like any other", () => {
    const { fields } = body("f: (x) __proto__=1 constructor=2 toString=3");
    expect(Object.entries(fields ?? {})).toEqual([
      ["__proto__", "1"],
      ["constructor", "2"],
      ["toString", "3"],
    ]);
  });

  it("arguments may differ from line to line", () => {
    const reader = createBodyReader(false);
    const fields = (text: string) => ({ ...reader.named(text, 0)?.fields });
    expect(fields("f: a=1 b=2")).toEqual({ a: "1", b: "2" });
    expect(fields("f: b=2 a=1")).toEqual({ b: "2", a: "1" });
    expect(fields("f: a=1 c=3")).toEqual({ a: "1", c: "3" });
    expect(fields("f: a=1")).toEqual({ a: "1" });
    expect(fields("f:")).toEqual({});
  });

  it("a text that begins with no name is no event", () => {
    const reader = createBodyReader(false);
    for (const text of ["", ": x", "{}", "<not closed", "<a-b>", "a/b: x"])
      expect(reader.named(text, 0)).toBeUndefined();
  });
});

describe("the name of a probe", () => {
  it("loses its group and the suffix of return probes", () => {
    const names: [string, string, string][] = [
      ["insert", "insert", "entry"],
      ["insert_ret", "insert", "return"],
      ["mn:insert_ret", "insert", "return"],
      ["probe:hmm_range_fault__return", "hmm_range_fault", "return"],
      ["probe:hmm_range_fault", "hmm_range_fault", "entry"],
      ["exceptions:page_fault_user", "page_fault_user", "entry"],
      ["_ret", "_ret", "entry"],
      ["retry", "retry", "entry"],
    ];
    for (const [printed, probe, edge] of names)
      expect(probeName(printed)).toMatchObject({ probe, edge });
  });
});
