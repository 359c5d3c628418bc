import {
  builtInProfile,
  probeName,
  RECORD_HEAD,
  RECORD_SCHEMA,
  RECORDS,
  ROLE_FIELDS,
  resolveProfile,
} from "@mmreplay/events";
import { describe, expect, it } from "vitest";
import { bpftraceScript } from "../../../../packages/replay/src/recorder/bpftrace-script.ts";
import { mmreplay } from "../../../cli/terminal.ts";

const GENERATIONS = ["0.17", "0.19", "0.20.1", "0.22", "0.24"];

interface Printed {
  readonly probe: string;
  readonly name: string;
  readonly values: readonly string[];
}

/** The tuples that a script prints, each with the probe that prints it. */
function tuplesOf(script: string): Printed[] {
  return script.split("\n\n").flatMap((block) => {
    const tuple = /print\(\(([\s\S]*?)\)\);/.exec(block)?.[1];
    if (tuple === undefined) return [];
    const [schema, name = "", ...rest] = tuple.split(/,\s+/);
    expect(schema).toBe(String(RECORD_SCHEMA));
    expect(rest.slice(0, RECORD_HEAD.length)).toEqual([...RECORD_HEAD]);
    return [
      {
        probe: block.split(/[\s{]/)[0] ?? "",
        name: name.slice(1, -1),
        values: rest.slice(RECORD_HEAD.length),
      },
    ];
  });
}

describe("the bpftrace script", () => {
  it.each(GENERATIONS)(
    "for %s prints what the importer reads: the same values, in order",
    (generation) => {
      const tuples = tuplesOf(bpftraceScript({ generation, driver: "test_hmm" }));
      expect(tuples.map(({ name }) => name).sort()).toEqual([...RECORDS.keys()].sort());
      for (const { name, values } of tuples) {
        expect([name, values.length]).toEqual([name, RECORDS.get(name)?.length]);
      }
    },
  );

  it("reads each value from the member or the argument of its name", () => {
    const [start] = tuplesOf(bpftraceScript()).filter(({ name }) => name === "inv_start");
    expect(start?.values).toEqual([
      ...["(uint64)$range", "(uint64)$range->mm", "$range->start", "$range->end"],
      ...["(uint64)$range->flags", "(uint64)$range->event", "(uint64)$range->owner"],
      "$range->mm->notifier_subscriptions->invalidate_seq",
      "$range->mm->notifier_subscriptions->active_invalidate_ranges",
    ]);
  });

  it("uses the probes and the words of its generation", () => {
    const probes = (generation: string) => [
      ...new Set(tuplesOf(bpftraceScript({ generation })).map(({ probe }) => probe.split(":")[0])),
    ];
    expect(probes("0.17")).toEqual(["kprobe", "kretprobe"]);
    expect(probes("0.19")).toEqual(["kfunc", "kretfunc"]);
    expect(probes("0.24")).toEqual(["fentry", "fexit"]);
    expect(bpftraceScript({ generation: "0.17" })).toContain("delete(@read_begin[tid]);");
    expect(bpftraceScript({ generation: "0.24" })).toContain("delete(@mm, (uint64)args.mm);");
    expect(bpftraceScript({ generation: "0.19" })).not.toMatch(/\barg\d|args->/);
  });

  it("can be audited: the command line at the top, no offsets, no commands, the hot functions filtered", () => {
    for (const generation of GENERATIONS) {
      const script = bpftraceScript({ generation });
      expect(script.split("\n").length).toBeLessThan(150);
      expect(script).toContain("bpftrace -q -f json -o trace.jsonl record.bt");
      expect(script).not.toMatch(/system\(|kptr|--unsafe|\+ *0x|\*\(u/);
      expect(script).toMatch(/_invalidate_range_start \/@mm\[\(uint64\).*range.*->mm\]\/ \{/);
      for (const line of script.split("\n")) expect(line.length).toBeLessThanOrEqual(105);
    }
  });
});

describe("the table of records", () => {
  const { probes } = resolveProfile(builtInProfile("test_hmm"));

  it("has the names and fields of the profiles' roles", () => {
    for (const [record, fields] of RECORDS) {
      const meaning = probes.get(probeName(record).probe);
      const role = meaning?.role ?? "context";
      const known: readonly string[] = ROLE_FIELDS[role];
      const others = fields.map(({ name }) => name).filter((name) => !known.includes(name));
      expect([record, others]).toEqual([record, []]);
    }
  });

  it("core functions alone are read by the core profile", () => {
    const core = resolveProfile(builtInProfile("core")).probes;
    const names = tuplesOf(bpftraceScript()).map(({ name }) => probeName(name).probe);
    expect(names.filter((name) => !core.has(name))).toEqual([]);
  });
});

describe("record --tool bpftrace", () => {
  it("prints the script", async () => {
    const plain = await mmreplay(["record", "--tool", "bpftrace", "--driver", "none"]);
    expect(plain).toMatchObject({ exit: 0, stdout: bpftraceScript(), stderr: "" });
    const flags = ["--driver", "test_hmm", "--generation", "0.24"];
    expect((await mmreplay(["record", "--tool", "bpftrace", ...flags])).stdout).toBe(
      bpftraceScript({ driver: "test_hmm", generation: "0.24" }),
    );
  });

  it("refuses a version that is none, and options of the other tool", async () => {
    for (const version of ["0.16", "1", "new"]) {
      const { exit, stderr } = await mmreplay([
        ...["record", "--tool", "bpftrace", "--generation", version],
      ]);
      expect([exit, stderr]).toEqual([2, expect.stringContaining("is no version of bpftrace")]);
    }
    expect((await mmreplay(["record", "--tool", "bpftrace", "--kernel", "6.1"])).exit).toBe(2);
    expect((await mmreplay(["record", "--generation", "0.17"])).exit).toBe(2);
  });
});
