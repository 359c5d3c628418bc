/**
 * Why a file of a known format gave no event, and what to do about it.
 *
 * A user who sees an example of a line will compare it with the file, or try it: the examples are
 * lines that are read.
 */
import { excerpt, RECORD_SCHEMA, recordVersion, SimError } from "@mmreplay/events";

const NO_EVENT = {
  expected: "at least one event",
  action: "Was the recorder running, and were its probes enabled?",
};

const NO_EVENT_LINE = {
  expected: "lines like `comm-pid [cpu] flags time: probe: …`",
  action: "Were the columns changed? The task's name is padded to 16 characters before its `-`.",
};

const NO_RECORD = {
  expected: `lines like \`{"type":"value","data":[${RECORD_SCHEMA},"release",5000,0,7,7,"comm",4096]}\`, or \`5000 cpu=0 comm-7 release mm=0x1000\``,
  action: "Record with the script that `mmreplay record --tool bpftrace` prints.",
};

/** The error for a file without an event; `unread` is its first line that is not understood. */
export function noEvents(format: string, unread?: { line: number; text: string }): SimError {
  const version = format === "bpftrace" && unread ? recordVersion(unread.text) : undefined;
  if (version !== undefined && version > RECORD_SCHEMA) return newerRecords(version);
  const first = unread === undefined ? "" : `; line ${unread.line} is ${excerpt(unread.text)}`;
  return new SimError({
    code: "E_NO_EVENTS",
    found: `no event line in what looks like ${format}${first}`,
    ...(unread === undefined ? NO_EVENT : format === "bpftrace" ? NO_RECORD : NO_EVENT_LINE),
  });
}

function newerRecords(version: number): SimError {
  return new SimError({
    code: "E_RECORD_VERSION",
    found: `a bpftrace recording of version ${version}`,
    expected: `version ${RECORD_SCHEMA}`,
    action: "Read it with the mmreplay whose recorder made it, or a newer one.",
  });
}
