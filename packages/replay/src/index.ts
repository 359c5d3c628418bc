export { Conformance, type ConformCounts, type Mismatch } from "./conform/conform.ts";
export { assertDriver, DriverAssertionError } from "./driver/assert-driver.ts";
export { type CheckDriverOptions, checkDriver } from "./driver/check-driver.ts";
export type { DriverFinding, DriverReport, DriverRule } from "./driver/driver-report.ts";
export { textOfDriver } from "./driver/driver-text.ts";
export { type DriverReplay, replayDriver } from "./driver/replay-driver.ts";
export { checkBytes } from "./recording/check.ts";
export type { CheckOptions } from "./recording/check-options.ts";
export type {
  EvidenceLine,
  FileReport,
  FileVerdict,
  Finding,
  RuleCounts,
} from "./recording/check-report.ts";
export { type ImportSummary, importBytes } from "./recording/import.ts";
export { type Fold, type FoldFrame, foldBytes } from "./stream/fold.ts";
export {
  type Frame,
  type FrameFinding,
  type ReplayOptions,
  replay,
  toFrames,
} from "./stream/replay.ts";
export { type Condition, type ConditionContext, conditionOf } from "./timeline/condition.ts";
export { findNext, findPrevious } from "./timeline/find.ts";
export { findingsOf } from "./timeline/findings.ts";
export { ObservableTimeline } from "./timeline/frames.ts";
export { lastChange, type ValueChange } from "./timeline/last-change.ts";
export { type OpenedTimeline, openTimeline } from "./timeline/open.ts";
export { type Moment, Timeline, type Visitor } from "./timeline/timeline.ts";
