/**
 * Files that are no text, refused with what to do.
 *
 * The recorders' own binary files need the recorder's own converter: it knows the event formats of the
 * kernel that was recorded.
 */
import { SimError, type SimErrorParts } from "../sim-error.ts";

const TRACE_DAT = [0x17, 0x08, 0x44, ...codes("tracing")];
const PERF_DATA = codes("PERFILE2");

const EXPECTED = "the text of a recording";

/**
 * Refuses an empty file and every binary one, by their first bytes.
 *
 * @throws SimError `E_EMPTY`, `E_TRACE_DAT`, `E_PERF_DATA` or `E_BINARY`.
 */
export function refuseBinary(bytes: Uint8Array): void {
  const refusal = refusalOf(bytes);
  if (refusal !== undefined) throw new SimError({ ...refusal, expected: EXPECTED });
}

function refusalOf(bytes: Uint8Array): Omit<SimErrorParts, "expected"> | undefined {
  if (bytes.every(isBlank)) {
    return {
      code: "E_EMPTY",
      found: bytes.length === 0 ? "an empty file" : "nothing but blank lines",
      action: "Was the trace read after it had been recorded, and before it was cleared?",
    };
  }
  if (beginsWith(bytes, TRACE_DAT)) {
    return {
      code: "E_TRACE_DAT",
      found: "a binary trace.dat of trace-cmd",
      action: "Convert it with `trace-cmd report -t -R -i trace.dat > trace.txt`.",
    };
  }
  if (beginsWith(bytes, PERF_DATA)) {
    return {
      code: "E_PERF_DATA",
      found: "a binary perf.data",
      action:
        "Convert it with `perf script --ns -F comm,pid,tid,cpu,time,event,trace --show-lost-events -i perf.data > trace.txt`.",
    };
  }
  const zero = bytes.indexOf(0);
  if (zero < 0) return undefined;
  return {
    code: "E_BINARY",
    found: `a binary file (byte ${zero} is zero)`,
    action: "Decompress it or convert it to text first.",
  };
}

function beginsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((code, at) => bytes[at] === code);
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

function codes(text: string): number[] {
  return Array.from(text, (c) => c.charCodeAt(0));
}
