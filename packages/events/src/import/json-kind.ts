/**
 * What kind of JSON Lines a text is.
 *
 * Two kinds are read: the output of `bpftrace -f json`, known by the types of its lines, and the
 * product's own journal, which is whatever else is JSON: its reader says what is wrong with it.
 * What perf converts to JSON holds neither event names nor fields and is refused.
 */
import { SimError } from "../sim-error.ts";

const BPFTRACE =
  /^\s*(?:\[\s*)?\{\s*"type"\s*:\s*"(?:attached_probes|printf|value|map|hist|stats|tseries|time|cat|join|syscall|lost_events|helper_error|runtime_error|errorf|warnf)"/;
const OBJECT = /^\s*\{/;
const PERF = /^\s*\{\s*"linux-perf-json-version"/;

/**
 * The format of a text that is JSON; `undefined` when it is none. A printk time in brackets is none.
 *
 * @throws SimError `E_PERF_JSON` for the output of `perf data convert --to-json`.
 */
export function sniffJson(text: string): "bpftrace" | "journal" | undefined {
  if (PERF.test(text)) {
    throw new SimError({
      code: "E_PERF_JSON",
      found: "the JSON of perf data convert, which has no event names and no arguments",
      expected: "the text of perf script",
      action: "Convert perf.data with `perf script --ns -F comm,pid,tid,cpu,time,event,trace`.",
    });
  }
  if (BPFTRACE.test(text)) return "bpftrace";
  return OBJECT.test(text) ? "journal" : undefined;
}
