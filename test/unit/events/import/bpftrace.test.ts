import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { parseLossless } from "../../../../packages/events/src/import/bpftrace/lossless-json.ts";
import { countsOf, probesOf, type Reading, read, readLine, sample } from "./reading.ts";

const trace = (form: string): Uint8Array =>
  gunzipSync(
    readFileSync(
      new URL(`../../../fixtures/traces/cust61-good-bpftrace-stress.${form}.gz`, import.meta.url),
    ),
  );

const printf = (data: string): string => JSON.stringify({ type: "printf", data });
const value = (data: string): string => `{"type": "value", "data": ${data}}`;

const EVENT =
  "22245233670 cpu=1 stress-264 insert sub=0xffff8881000569d8 mm=0xffff888100fe72c0 start=0x0 length=0xfffffffffffff000";

describe("what a script tells its user", () => {
  const said = (text: string) => countsOf(read("bpftrace", `${printf(`${EVENT}\n`)}\n${text}\n`));

  it("is a note where it has no number, so cannot be an event of any form", () => {
    expect(said(printf("Tracing... Hit Ctrl-C to end.\n"))).toEqual({ probe: 1, note: 1 });
    expect(said(printf("read_begin 12 0xffff888100000000\n"))).toEqual({ probe: 1, unread: 1 });
    expect(said("Tracing... Hit Ctrl-C to end.")).toEqual({ probe: 1, unread: 1 });
  });

  it("cannot report a loss in the name of bpftrace", () => {
    expect(said(printf("Lost 5 events\n"))).toEqual({ probe: 1, unread: 1 });
  });
});

describe("a printed line of bpftrace", () => {
  it("has the time, the CPU, the task, the probe and its fields", () => {
    expect(readLine("bpftrace", `${EVENT}\n`)).toEqual({
      kind: "probe",
      line: 1,
      place: 1,
      task: 264,
      comm: "stress",
      cpu: 1,
      at: 0,
      probe: "insert",
      edge: "entry",
      fields: {
        sub: "0xffff8881000569d8",
        mm: "0xffff888100fe72c0",
        start: "0x0",
        length: "0xfffffffffffff000",
      },
      rest: "",
    });
  });

  it("says the same inside JSON, alone or several in one record", () => {
    const [plain] = probesOf(read("bpftrace", `${EVENT}\n`));
    const wrapped = probesOf(read("bpftrace", `${printf(`${EVENT}\n${EVENT}\n`)}\n`));
    expect(wrapped.map((event) => ({ ...event, place: 1 }))).toEqual([plain, plain]);
  });

  it("may be of a task with any name", () => {
    for (const comm of ["", "a b", "x-12 insert", "cpu=1 y-3", 'q"u\\o', "a-1 remove_ret"]) {
      const line = EVENT.replace("stress", comm);
      expect(readLine("bpftrace", `${line}\n`)).toMatchObject({ comm, task: 264, probe: "insert" });
      expect(readLine("bpftrace", `${printf(`${line}\n`)}\n`)).toMatchObject({ comm, task: 264 });
    }
  });

  it("without its end may lack a part of its last value, and is not read", () => {
    expect(countsOf(read("bpftrace", `${EVENT}\n${EVENT}`))).toEqual({ probe: 1, unread: 1 });
    expect(countsOf(read("bpftrace", printf(`${EVENT}\n`)))).toEqual({ probe: 1 });
  });
});

describe("a tuple of our recorder", () => {
  it("gets its names from the table of records, and pointers in hexadecimal", () => {
    const line = value(
      '[1,"read_begin",1062327586169,3,5626,5627,"a\\"b",18446612686365354648,18446612686381674112,3,4]',
    );
    expect(readLine("bpftrace", line)).toMatchObject({
      ...{ task: 5627, comm: 'a"b', cpu: 3, probe: "read_begin", edge: "entry" },
      fields: { sub: "0xffff888100056a98", mm: "0xffff888100fe6e80", sub_seq: "3", subs_seq: "4" },
    });
  });

  it("is the same where bpftrace prints large numbers as strings, or as signed ones", () => {
    const tuple = (sub: string) => value(`[1,"remove_ret",5,0,1,1,"x",${sub}]`);
    const forms = ["18446612686365354648", '"18446612686365354648"', "-131387344196968"];
    const read = forms.map((form) => readLine("bpftrace", tuple(form)).fields["sub"]);
    expect(read).toEqual(Array.from(forms, () => "0xffff888100056a98"));
  });

  it("keeps neighbouring pointers apart, which a double would make one", () => {
    const text =
      '[18446612686376259055,18446612686376259056,"18446612686376259055x",1.5,-3,1.23456789012345678901]';
    expect(parseLossless(text)).toEqual([
      "18446612686376259055",
      "18446612686376259056",
      "18446612686376259055x",
      1.5,
      -3,
      1.2345678901234567,
    ]);
  });

  it("may be one that a user has added", () => {
    expect(readLine("bpftrace", value('[1,"mine_ret",5,0,1,1,"x",7,true,"y"]'))).toMatchObject({
      ...{ probe: "mine", edge: "return" },
      fields: { arg1: "7", arg2: "1", arg3: "y" },
    });
  });

  it("is not read when the schema is another, or a value is missing", () => {
    const texts = [
      '[2,"remove_ret",5,0,1,1,"x",7]',
      '[1,"remove_ret",5,0,1,1,"x"]',
      '[1,"remove_ret",5,0,1,1,"x",7,8]',
      '[1,"remove_ret",-5,0,1,1,"x",7]',
      '[1,"remove_ret",5,9000,1,1,"x",7]',
      '[1,"remove_ret",5,0,1,1,"x","z"]',
      '[1346656223672,1,19762,19762,"bpftrace","pf",94747401953440,7]',
    ];
    for (const text of texts) {
      expect([text, countsOf(read("bpftrace", value(text)))]).toEqual([text, { unread: 1 }]);
    }
  });
});

describe("what else bpftrace says", () => {
  it("notes are kept, and failures are not read over", () => {
    const lines = [
      '{"type": "attached_probes", "data": {"probes": 2}}',
      '{"type": "time", "data": "18:29:40\\n"}',
      '{"type": "map", "data": {"@mm": {"1": 1}}}',
      '{"type": "hist", "data": {"@h": [{"min": 1, "max": 1, "count": 2}]}}',
      '{"type": "helper_error", "msg": "map_update_elem: Argument list too long", "line": 3}',
      '{"type": "runtime_error", "msg": "x"}',
      '{"type": "printf", "data"',
      "",
    ];
    expect(countsOf(read("bpftrace", lines.join("\n")))).toEqual({ note: 4, unread: 3 });
    const text = "Attaching 11 probes...\n\n18:29:40\n@mm[1]: 1\n[1, 2)   5 |@@@  |\nERROR: x\n";
    expect(countsOf(read("bpftrace", text))).toEqual({ note: 5, unread: 1 });
  });

  it("the recorded files are read to the last line", () => {
    expect(countsOf(read("bpftrace", trace("json"), 4096))).toEqual({ probe: 373, note: 1 });
    expect(countsOf(read("bpftrace", trace("text"), 4096))).toEqual({ probe: 440, note: 1 });
  });

  it("printed JSON inside JSON is not read, since nothing in it is escaped", () => {
    expect(countsOf(read("bpftrace", sample("bpftrace-printf.jsonl")))).toEqual({
      note: 2,
      unread: 2,
    });
  });
});

describe("an array of records", () => {
  const records = Buffer.from(trace("json")).toString("latin1").split("\n").filter(Boolean);
  const ofLines = read("bpftrace", trace("json"), 4096);
  const said = (reading: Reading) =>
    probesOf(reading).map(({ probe, at, fields }) => ({ probe, at, fields }));

  it("says the same on one line, on many, and spread out", () => {
    const pretty = JSON.stringify(
      records.map((record) => JSON.parse(record)),
      null,
      2,
    );
    for (const text of [`[${records.join(",")}]`, `[\n${records.join(",\n")}\n]\n`, pretty]) {
      expect(said(read("bpftrace", text, 999))).toEqual(said(ofLines));
    }
    expect(said(read("bpftrace", `[${records.join(", ")}]`, 1))).toEqual(said(ofLines));
  });

  it("keeps the line of each record", () => {
    const lines = probesOf(read("bpftrace", `[\n${records.join(",\n")}\n]\n`)).map((o) => o.line);
    expect(lines).toEqual(probesOf(ofLines).map((o) => o.line + 1));
  });

  it("that is damaged is read as far as it can be, and says so", () => {
    const [, one = "", two = "", three = ""] = records;
    const counts = countsOf(read("bpftrace", `[${one},\n${two.slice(0, -9)}\n${three},\n${one}]`));
    expect(counts).toEqual({ probe: 3, unread: 1 });
  });
});
