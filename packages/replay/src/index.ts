export { Conformance, type ConformCounts, type Mismatch } from "./conform/conform.ts";
export { assertDriver, DriverAssertionError } from "./driver/assert-driver.ts";
export { checkDriver } from "./driver/check-driver.ts";
export type { CheckDriverOptions } from "./driver/check-options.ts";
export type { DriverFinding, DriverReport, DriverRule } from "./driver/driver-report.ts";
export { textOfDriver } from "./driver/driver-text.ts";
export { type DriverReplay, replayDriver } from "./driver/replay-driver.ts";
export {
  type ExploreFinding,
  type ExploreOptions,
  type ExploreReport,
  explore,
} from "./explore/explore.ts";
export { type FaultOptions, faults } from "./fuzz/arbitrary/faults.ts";
export { journals } from "./fuzz/arbitrary/journals.ts";
export { type ScheduleOptions, schedules } from "./fuzz/arbitrary/schedules.ts";
export { workloads } from "./fuzz/arbitrary/workloads.ts";
export type { CampaignState } from "./fuzz/campaign.ts";
export type { DrawOptions } from "./fuzz/draw/draw-workload.ts";
export { type Fault, type FaultKind, withFaults } from "./fuzz/draw/faults.ts";
export type { Size } from "./fuzz/draw/size.ts";
export { drawnWorkload } from "./fuzz/drawn.ts";
export type { FuzzFinding } from "./fuzz/finish.ts";
export { type FuzzOptions, fuzz } from "./fuzz/fuzz.ts";
export type { CampaignSubject } from "./fuzz/source.ts";
export type { Totals } from "./fuzz/totals.ts";
export { type Journal, type JournalOptions, journalOf, type Turns } from "./fuzz/turns.ts";
export { namedWorkload, type Workload } from "./fuzz/workload.ts";
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
export { type Along, alongOf, stepAlong } from "./timeline/along.ts";
export { type Bookmark, Bookmarks } from "./timeline/bookmarks.ts";
export { type Condition, type ConditionContext, conditionOf } from "./timeline/condition.ts";
export { EventSet } from "./timeline/event-set.ts";
export { findNext, findPrevious } from "./timeline/find.ts";
export { findingsOf } from "./timeline/findings.ts";
export { ObservableTimeline } from "./timeline/frames.ts";
export { lastChange, type ValueChange } from "./timeline/last-change.ts";
export { type OpenedTimeline, openTimeline } from "./timeline/open.ts";
export { type Moment, Timeline, type Visitor } from "./timeline/timeline.ts";
