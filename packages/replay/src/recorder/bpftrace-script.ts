/**
 * The recorder for bpftrace: a script that a kernel developer can audit in a minute.
 *
 * It prints tuples, because bpftrace escapes what is in them: a task may call itself anything. The
 * portable generation uses kprobes and remembers in a map what a return needs; the newer ones use
 * fentry and fexit, which see the arguments at both ends. Members are found by BTF.
 */
import { RECORD_HEAD, RECORD_SCHEMA, RECORDS } from "@mmreplay/events";
import {
  CORE_FUNCTIONS,
  type Parameter,
  TEST_HMM_FUNCTIONS,
  type TracedFunction,
} from "./bpftrace-probes.ts";

/** How the scripts of a generation of bpftrace are written. */
interface Dialect {
  readonly title: string;
  /** Keywords of the core's probes, and how they name a parameter. */
  readonly entry: "kprobe" | "kfunc" | "fentry";
  readonly exit: "kretprobe" | "kretfunc" | "fexit";
  /** `delete` takes the map and the key apart. */
  readonly deletesByKey: boolean;
  /** A probe that cannot be attached can be made a warning. */
  readonly skipsMissing: boolean;
}

/** The dialects, oldest first; each is understood from its version on. */
const DIALECTS: readonly (Dialect & { readonly since: number })[] = [
  {
    since: 0,
    title: "bpftrace 0.17 to 0.21, with kprobes",
    entry: "kprobe",
    exit: "kretprobe",
    deletesByKey: false,
    skipsMissing: false,
  },
  {
    since: 19,
    title: "bpftrace 0.19 to 0.21, with kfunc and kretfunc",
    entry: "kfunc",
    exit: "kretfunc",
    deletesByKey: false,
    skipsMissing: false,
  },
  {
    since: 22,
    title: "bpftrace 0.22 and newer, with fentry and fexit",
    entry: "fentry",
    exit: "fexit",
    deletesByKey: true,
    skipsMissing: true,
  },
];

/** The version whose script is printed when none is named: the one that needs least. */
export const BPFTRACE_GENERATION_DEFAULT = "0.17";

const VERSION = /^0\.(\d{1,3})(?:\.\d+)?$/;

/** Whether the text is a version of bpftrace that a script can be written for. */
export function isBpftraceGeneration(version: string): boolean {
  return Number(VERSION.exec(version)?.[1] ?? -1) >= GENERATION_MIN;
}

const GENERATION_MIN = 17;

function dialectOf(version: string): Dialect {
  const minor = Number(VERSION.exec(version)?.[1]);
  const dialect = DIALECTS.findLast(({ since }) => since <= minor);
  if (dialect === undefined) throw new Error(`assertion failed: ${version} is a version`);
  return dialect;
}

/** What a script is made for. */
export interface BpftraceOptions {
  /** `test_hmm`; absent: the notifier core only. */
  readonly driver?: string;
  /** Version of bpftrace, such as 0.17; absent: the default. */
  readonly generation?: string;
}

/**
 * The text of the recorder script.
 *
 * @example
 * ```ts
 * await writeFile("record.bt", bpftraceScript({ generation: "0.24" }));
 * ```
 */
export function bpftraceScript(options: BpftraceOptions = {}): string {
  const dialect = dialectOf(options.generation ?? BPFTRACE_GENERATION_DEFAULT);
  const driver = options.driver === undefined ? [] : TEST_HMM_FUNCTIONS;
  const driverDialect: Dialect = { ...dialect, entry: "kprobe", exit: "kretprobe" };
  const probes = [
    ...CORE_FUNCTIONS.flatMap((traced) => probesOf(traced, dialect)),
    ...driver.flatMap((traced) => probesOf(traced, driverDialect)),
  ];
  return [...opening(options, dialect), "", probes.join("\n\n"), ""].join("\n");
}

function opening({ driver }: BpftraceOptions, { title, skipsMissing }: Dialect): string[] {
  const subject = driver === undefined ? " and HMM" : ", HMM and lib/test_hmm.c";
  return [
    `// Records the mmu notifier core${subject}, for: mmreplay check trace.jsonl`,
    `// Written for ${title}.`,
    "//",
    "//   sudo BPFTRACE_PERF_RB_PAGES=4096 bpftrace -q -f json -o trace.jsonl record.bt",
    "//",
    "// Start it before the workload, stop it with Ctrl-C, or add -c './workload'. It needs root and BTF",
    "// (/sys/kernel/btf/vmlinux), reads kernel memory and changes nothing; its probes go when it ends.",
    "// BPFTRACE_PERF_RB_PAGES is the buffer of a CPU in pages: raise it if events are lost.",
    skipsMissing
      ? "// A function that this kernel does not have is skipped; if bpftrace stops at it, delete its blocks."
      : "// bpftrace stops at a function or struct that the kernel lacks: then delete its blocks. It must be in",
    ...(skipsMissing
      ? []
      : [
          "// /proc/kallsyms; hmm_range_fault needs CONFIG_HMM_MIRROR, an inlined function is not there.",
        ]),
    "//",
    "// A record is (schema, name, nsecs, cpu, pid, tid, comm, values...). mmreplay knows the values by their",
    "// order, so do not move them. Made by mmreplay record --tool bpftrace.",
    ...(skipsMissing ? ["", 'config = { missing_probes = "warn" }'] : []),
  ];
}

function probesOf(traced: TracedFunction, dialect: Dialect): string[] {
  const entry = entryProbe(traced, dialect);
  return traced.result === undefined ? [entry] : [entry, returnProbe(traced, dialect)];
}

function entryProbe(traced: TracedFunction, dialect: Dialect): string {
  const { record, symbol, parameters, entry, kept, addMm, dropMm } = traced;
  const keepsItself = dialect.entry === "kprobe" && kept !== undefined;
  const at = parameters.findIndex(({ name }) => name === kept);
  return block(`${dialect.entry}:${symbol}`, filter(traced, dialect), [
    ...(keepsItself ? [`@${record}[tid] = arg${at};`] : []),
    ...body(
      [
        ...(addMm === undefined ? [] : [`@mm[(uint64)${addMm}] = 1;`]),
        printed(record, entry),
        ...(dropMm === undefined ? [] : [deletion("@mm", `(uint64)${dropMm}`, dialect)]),
      ],
      parameters,
      (one, place) => argument(one, place, dialect),
    ),
  ]);
}

function returnProbe(traced: TracedFunction, dialect: Dialect): string {
  const { record, symbol, parameters, result = {}, kept } = traced;
  const statement = printed(`${record}_ret`, result);
  if (dialect.exit !== "kretprobe") {
    const seen = (one: Parameter, at: number): string => argument(one, at, dialect);
    const statements = body([statement], parameters, seen);
    return block(`${dialect.exit}:${symbol}`, filter(traced, dialect), statements);
  }
  const own = parameters.filter(({ name }) => name === kept);
  return block(`kretprobe:${symbol}`, `@${record}[tid]`, [
    ...body([statement], own, () => `@${record}[tid]`),
    deletion(`@${record}`, "tid", dialect),
  ]);
}

/** Hot functions are recorded for known mms only; a filter cannot use variables. */
function filter({ onlyMm, parameters }: TracedFunction, dialect: Dialect): string {
  if (onlyMm === undefined) return "";
  const [own] = parameters as readonly [Parameter];
  const typed = dialect.entry === "kprobe" ? `((${own.type})arg0)` : `args.${own.name}`;
  return `@mm[(uint64)${onlyMm.replace(`$${own.name}`, typed)}]`;
}

function argument({ name }: Parameter, at: number, { entry }: Dialect): string {
  return entry === "kprobe" ? `arg${at}` : `args.${name}`;
}

/** Statements with their parameters: pointers to structures get a variable, numbers are put in. */
function body(
  statements: readonly string[],
  parameters: readonly Parameter[],
  valueIn: (parameter: Parameter, at: number) => string,
): string[] {
  const variables: string[] = [];
  let text = statements.join("\n");
  for (const [at, parameter] of parameters.entries()) {
    const { name, type } = parameter;
    const used = new RegExp(`\\$${name}\\b`, "g");
    if (!used.test(text)) continue;
    const value = valueIn(parameter, at);
    if (type === undefined) text = text.replace(used, value);
    else variables.push(`$${name} = ${value.startsWith("args.") ? value : `(${type})${value}`};`);
  }
  return [...variables, ...text.split("\n")];
}

function deletion(map: string, key: string, { deletesByKey }: Dialect): string {
  return deletesByKey ? `delete(${map}, ${key});` : `delete(${map}[${key}]);`;
}

/** Columns of a script's line. */
const WIDTH = 100;

/** The statement that prints a record: its fields in the order of the table that is read by. */
function printed(name: string, expressions: Readonly<Record<string, string>>): string {
  const fields = RECORDS.get(name);
  if (fields === undefined) throw new Error(`assertion failed: ${name} is a record`);
  const values = fields.map((field) => {
    const expression = expressions[field.name];
    if (expression === undefined) throw new Error(`assertion failed: ${name} has ${field.name}`);
    return expression;
  });
  const lines = [`print((${[RECORD_SCHEMA, `"${name}"`, ...RECORD_HEAD].join(", ")}`];
  for (const value of values) {
    const last = lines.length - 1;
    const longer = `${lines[last]}, ${value}`;
    if (last > 0 && longer.length < WIDTH) lines[last] = longer;
    else {
      lines[last] += ",";
      lines.push(`  ${value}`);
    }
  }
  return `${lines.join("\n")}));`;
}

function block(probe: string, condition: string, statements: readonly string[]): string {
  const predicate = condition === "" ? "" : ` /${condition}/`;
  return [`${probe}${predicate} {`, ...statements.map((one) => `  ${one}`), "}"].join("\n");
}
