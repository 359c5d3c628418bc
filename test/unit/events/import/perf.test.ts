import { describe, expect, it } from "vitest";
import { countsOf, probesOf, read, readLine, sample } from "./reading.ts";

describe("perf script", () => {
  it("prints the group of a probe and raw addresses", () => {
    const line =
      "          stress   171/172   [003]    10.260121030:           mn:insert_ret: (ffffffff81275190 <- ffffffffc02017cc) ret=0";
    expect(readLine("perf-script", line)).toEqual({
      kind: "probe",
      line: 1,
      task: 172,
      comm: "stress",
      cpu: 3,
      at: 0,
      probe: "insert",
      edge: "return",
      fields: { ret: "0" },
      rest: "(ffffffff81275190 <- ffffffffc02017cc)",
    });
  });

  it("a comm may hold spaces, digits, brackets and a slash, padded or not", () => {
    for (const comm of ["odd name-[1] x", "migration/0", "a 1 [0] 2", "cc1", "7"]) {
      for (const shown of [comm.padStart(16), comm]) {
        const line = `${shown} 11884 [001]   752.107056:              tlb:tlb_flush: pages:0 reason:x (0)`;
        expect(readLine("perf-script", line)).toMatchObject({
          comm,
          task: 11884,
          cpu: 1,
          probe: "tlb_flush",
        });
      }
    }
  });

  it("misc letters and a period may stand before the event", () => {
    const line =
      "  odd name-[1] x 11884 [001] K       752.107056:          1 tlb:tlb_flush: pages:0";
    expect(readLine("perf-script", line)).toMatchObject({
      cpu: 1,
      probe: "tlb_flush",
      rest: "pages:0",
    });
  });

  it("lost records are losses, even of a task whose name is hex digits", () => {
    const reading = read("perf-script", sample("perf-script-lost.txt"));
    expect(reading.observations.map((o) => o.kind === "lost" && [o.cpu, o.count])).toEqual([
      [1, 475],
      false,
      [0, 128],
      false,
    ]);
    expect(probesOf(reading).map((o) => o.comm)).toEqual(["perf", "cc1"]);
  });

  it("frames begin with a tab", () => {
    expect(countsOf(read("perf-script", sample("perf-script-callchain.txt")))).toEqual({
      probe: 3,
      stack: 25,
      note: 2,
    });
  });

  it("perf's own return probes lose their suffix", () => {
    const line =
      "stress 5 [000]  1.000000: probe:hmm_range_fault__return: (ffffffff81 <- ffffffffc0) ret=0x0";
    expect(readLine("perf-script", line)).toMatchObject({
      probe: "hmm_range_fault",
      edge: "return",
    });
  });

  it("other records of perf are notes, other lines unread", () => {
    const text =
      "# captured on: x\nstress 5 [000]  1.000000: PERF_RECORD_COMM: stress:5/5\nwhat is this\n";
    expect(countsOf(read("perf-script", text))).toEqual({ note: 2, unread: 1 });
  });
});
