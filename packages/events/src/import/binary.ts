/**
 * Files that are no text, refused with what to do.
 *
 * The recorders' own binary files need the recorder's own converter: it knows the event formats of the
 * kernel that was recorded.
 */
import { SimError, type SimErrorParts } from "../sim-error.ts";

const TRACE_DAT = [0x17, 0x08, 0x44, ...codes("tracing")];
const PERF_DATA = codes("PERFILE2");
const ELF = [0x7f, ...codes("ELF")];
const GZIP = [0x1f, 0x8b];

const EXPECTED = "the text of a recording";

/**
 * Refuses an empty file and every kind of binary one that its first bytes tell.
 *
 * @throws SimError `E_EMPTY`, `E_TRACE_DAT`, `E_PERF_DATA` or `E_BINARY`.
 */
export function refuseBinary(bytes: Uint8Array): void {
  const refusal = refusalOf(bytes);
  if (refusal !== undefined) throw new SimError({ ...refusal, expected: EXPECTED });
}

/**
 * Refuses what holds zero bytes and is nothing known. A recording may hold some, where a disk lost a
 * block of it: then lines around them show what it is.
 *
 * @throws SimError `E_UTF16` or `E_BINARY`.
 */
export function refuseZeros(bytes: Uint8Array): void {
  if (bytes.includes(0)) throw new SimError({ ...withZeros(bytes), expected: EXPECTED });
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
  if (beginsWith(bytes, ELF)) {
    return {
      code: "E_BINARY",
      found: "a program or kernel module (ELF)",
      action: "Give the trace that was recorded, not the program.",
    };
  }
  if (beginsWith(bytes, GZIP)) {
    return {
      code: "E_BINARY",
      found: "gzip inside gzip, or gzip that was given to a function that takes text",
      action:
        "Decompress it once: zcat FILE | mmreplay check -; a program gunzips the bytes first.",
    };
  }
  return undefined;
}

/** Text has no zero byte, unless it is UTF-16: there every other byte of ASCII is one. */
function withZeros(bytes: Uint8Array): Omit<SimErrorParts, "expected"> {
  if (isUtf16(bytes)) {
    return {
      code: "E_UTF16",
      found: "text in UTF-16",
      action: "Convert it with: iconv -f UTF-16LE -t UTF-8 FILE > trace.txt",
    };
  }
  const zero = bytes.indexOf(0);
  return {
    code: "E_BINARY",
    found: `a binary file (byte ${zero} is zero)`,
    action: "Decompress it or convert it to text first.",
  };
}

/** Whether of the first four bytes either those at even or those at odd places are zero. */
function isUtf16(bytes: Uint8Array): boolean {
  const [first, second, third, fourth] = [0, 1, 2, 3].map((at) => bytes[at] === 0);
  return first !== second && first === third && second === fourth;
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
