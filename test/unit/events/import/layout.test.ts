import { describe, expect, it } from "vitest";
import { sniffFormat } from "../../../../packages/events/src/import/sniff.ts";
import { bytesOf, countsOf, read } from "./reading.ts";

const LAYOUTS: [name: string, option: string, line: string][] = [
  ["raw", "options/raw", "10445 1 682932267677 type: 190"],
  ["hex", "options/hex", "000028cd 00000001 0000009f01c4ab1d 00000001"],
  [
    "context-free",
    "options/context-info",
    "page_fault_user: address=0x7f00 ip=0x7f01 error_code=0x7",
  ],
];

describe("layouts of ftrace that cannot be checked", () => {
  it.each(LAYOUTS)("the %s layout is refused with what to do", (_, option, line) => {
    const text = `# tracer: nop\n#\n${line}\n${line}\n${line}\n`;
    const error = { code: "E_LAYOUT", found: expect.stringContaining("in line 3") };
    expect(() => read("ftrace", text)).toThrow(
      expect.objectContaining({ parts: expect.objectContaining(error) }),
    );
    expect(() => read("ftrace", text)).toThrow(option);
    expect(sniffFormat(bytesOf(text))).toBe("ftrace");
  });

  it.each(LAYOUTS)(
    "the %s layout is refused when the text ends early, or has no header",
    (_, _option, line) => {
      expect(() => read("ftrace", `# tracer: nop\n${line}\n`)).toThrow("E_LAYOUT");
      expect(() => sniffFormat(bytesOf(`${line}\n${line}\n`))).toThrow("E_LAYOUT");
    },
  );

  it("an excerpt that begins with the rest of a marker is not refused", () => {
    const event = "          stress-403     [002] .....    12.717856: insert: (f+0x0/0x9) a=1";
    expect(countsOf(read("ftrace", `note: one\nnote: two\n${event}\n`))).toEqual({
      unread: 2,
      probe: 1,
    });
  });
});
