/**
 * A small race as events: a device fault and an invalidation of one of its pages.
 */
import type { EventBody, MmEvent } from "@mmreplay/events";
import type {
  FileReport,
  Finding,
} from "../../../../packages/replay/src/recording/check-report.ts";

const READER = 0;
const MUNMAP = 1;
const OTHER = 2;

const page = (number: number): string => `0x${number.toString(16).padStart(13, "0")}000`;

type Plain = { readonly type: string; readonly [field: string]: unknown };

const notifier = 0;
const mirror = 0;
const mm = 0;

const READ: Plain[] = [
  { task: READER, type: "mmu_interval_read_begin", mm, notifier, seq: 83, waits: false },
  {
    task: READER,
    type: "hmm_range_fault",
    notifier,
    seq: 83,
    start: page(0x200),
    end: page(0x212),
    owner: null,
  },
];

const noise = (count: number): Plain[] =>
  Array.from({ length: count }, () => ({
    task: OTHER,
    type: "mmu_interval_read_begin",
    mm,
    notifier: 5,
    seq: 83,
    waits: false,
  }));

const TAKE: Plain[] = [
  {
    task: MUNMAP,
    type: "mmu_notifier_invalidate_range_start",
    mm,
    region: 7,
    start: page(0x208),
    end: page(0x209),
    event: "UNMAP",
    blockable: true,
    owner: null,
  },
  { task: MUNMAP, type: "invalidate", mm, region: 7, notifier: 5, seq: 85 },
  { task: MUNMAP, type: "driver_lock", mirror: 5 },
  { task: MUNMAP, type: "driver_unlock", mirror: 5 },
  { task: MUNMAP, type: "invalidate_return", mm, region: 7, notifier: 5, result: true },
  { task: MUNMAP, type: "invalidate", mm, region: 7, notifier, seq: 85 },
  { task: MUNMAP, type: "driver_lock", mirror },
  { task: MUNMAP, type: "mmu_interval_set_seq", notifier, seq: 85 },
  { task: MUNMAP, type: "device_unmap", mirror, startPage: 0x208, endPageExclusive: 0x209 },
  { task: MUNMAP, type: "driver_unlock", mirror },
  { task: MUNMAP, type: "invalidate_return", mm, region: 7, notifier, result: true },
  { task: MUNMAP, type: "mmu_notifier_invalidate_range_start_return", mm, region: 7, rc: 0 },
  { task: MUNMAP, type: "mmu_notifier_invalidate_range_end", mm, region: 7 },
  { task: MUNMAP, type: "mmu_notifier_invalidate_range_end_return", mm, region: 7 },
];

const STORE: Plain[] = [
  { task: READER, type: "hmm_range_fault_return", notifier, rc: 0 },
  { task: READER, type: "driver_lock", mirror },
  {
    task: READER,
    type: "device_map_begin",
    mirror,
    notifier,
    seq: 83,
    start: page(0x200),
    end: page(0x212),
    recordedSeq: 85,
  },
  ...Array.from({ length: 18 }, (_, at) => ({
    task: READER,
    type: "device_map",
    mirror,
    notifier,
    entries: [[0x200 + at, 1, true]],
  })),
  { task: READER, type: "driver_unlock", mirror },
  { task: READER, type: "mmu_interval_read_begin", mm, notifier, seq: 85, waits: false },
];

/** The events; each rests on the line of the recording that has its index, counted from 100. */
export const RACE: readonly MmEvent[] = [...READ, ...noise(20), ...TAKE, ...STORE].map(
  (body, index) => ({ ...(body as unknown as EventBody), index, evidence: [100 + index] }) as never,
);

function at(type: string, task = -1): MmEvent {
  const found = RACE.find(
    (event) => event.type === type && (task < 0 || event.task === task) && !isOther(event),
  );
  if (found === undefined) throw new Error(`no ${type}`);
  return found;
}

function isOther(event: MmEvent): boolean {
  return "notifier" in event && event.notifier === 5;
}

const NAMES = ["gpu-worker-7", "app-42", "noise-9"];

function evidence(event: MmEvent, text: string) {
  return {
    line: 100 + event.index,
    index: event.index,
    task: NAMES[event.task] ?? "",
    text,
  };
}

/** The finding: pages are stored that were taken away. */
export const STALE_STORE: Finding = {
  rule: "K-I14",
  verdict: "violated",
  line: 100 + at("device_map_begin").index,
  index: at("device_map_begin").index,
  at: null,
  task: "gpu-worker-7",
  address: page(0x208) as never,
  message: "Pages are stored that were looked up before the UNMAP invalidation.",
  evidence: [
    evidence(at("mmu_notifier_invalidate_range_start"), "UNMAP invalidation starts"),
    evidence(at("invalidate_return"), "callback returned true"),
    evidence(at("mmu_notifier_invalidate_range_end"), "the invalidation ends"),
    evidence(at("device_map_begin"), "stores the pages"),
  ],
};

/** A report of a file with this race. */
export const RACE_REPORT: FileReport = {
  file: "trace.txt",
  format: "ftrace",
  verdict: "violated",
  events: 60,
  unmapped: 0,
  lost: 0,
  notifiers: 2,
  invalidations: 1,
  readSections: 22,
  retries: 0,
  busy: 3,
  again: 0,
  rules: {
    "K-I1": { held: 5, violated: 0, undecided: 0, unobserved: 0 },
    "K-I12": { held: 2, violated: 0, undecided: 1, unobserved: 0 },
    "K-I14": { held: 7, violated: 12, undecided: 0, unobserved: 0 },
    "K-I24": { held: 0, violated: 0, undecided: 0, unobserved: 0 },
    "K-I29": { held: 0, violated: 0, undecided: 0, unobserved: 1 },
  },
  findings: [STALE_STORE],
  omitted: 11,
  headline: 0,
  notes: [],
  slice: RACE,
  taskNames: { 0: "gpu-worker-7", 1: "app-42", 2: "noise-9" },
  pointers: { notifier0: "0xffff8881000563d8" },
  lines: 160,
  skipped: 0,
  unexplained: 0,
};
