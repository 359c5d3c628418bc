export { type AddressSpace, isFreed, openSections } from "./address-space/address-space.ts";
export { hasOpenRegion, openRegion, type Region, regionCalledBy } from "./address-space/region.ts";
export type { Driver, DriverDefinition, FaultPath, Invalidate } from "./drivers/driver.ts";
export { defineDriver } from "./drivers/driver.ts";
export type {
  DriverStep,
  FaultAction,
  FaultView,
  InvalidateAction,
  InvalidateView,
} from "./drivers/driver-actions.ts";
export { changeOfDriver } from "./drivers/driver-change.ts";
export { DRIVER_ERROR } from "./drivers/driver-definition.ts";
export { agrees, frameOf, type Mirror, mayWrite } from "./drivers/mirror/mirror.ts";
export { PROT } from "./drivers/mirror/prot-byte.ts";
export { patched, reduce, reduceWithPatches, type Step } from "./engine/immutable.ts";
export { reduceInPlace } from "./engine/in-place.ts";
export { NEXT_OPERATION, type Recipes } from "./engine/recipes.ts";
export { type IntervalNotifier, isLearned } from "./interval-notifiers/interval-notifier.ts";
export type { Subscriptions } from "./interval-notifiers/subscriptions.ts";
export type { Mark } from "./marks/mark.ts";
export { MARKS } from "./marks/marks.ts";
export { frameOfCpu, kindOf } from "./memory/cpu-entry.ts";
export { ZERO_PAGE } from "./memory/frame.ts";
export type { Mutant } from "./mutants/mutant.ts";
export { changesIn, ZOO } from "./mutants/zoo.ts";
export { K_I14_AT_REST, K_I17_BY_TOUCH } from "./rules/at-rest.ts";
export { OUTCOME } from "./rules/outcome.ts";
export { earliest, isRecorded, latest } from "./rules/position.ts";
export {
  type Report,
  type Rule,
  type Severity,
  type StalePages,
  type Verdict,
  type Witness,
  witness,
  witnessEntry,
} from "./rules/rule.ts";
export { RULES, ruleOf } from "./rules/rules.ts";
export { SEARCH_RULES } from "./rules/search-rules.ts";
export { DRIVER_SCENARIOS, type DriverScenario } from "./scenarios/driver-conformance.ts";
export { scenarioOfFile } from "./scenarios/from-file.ts";
export type { NamedScenario, ScenarioNames } from "./scenarios/named-scenario.ts";
export { PEERS } from "./scenarios/peers.ts";
export { SCENARIOS } from "./scenarios/scenarios.ts";
export {
  DEVICE_TASK,
  OPERATION_TASK,
  SEEN_OPERATIONS,
  type SeenOperation,
} from "./scenarios/seen-operations.ts";
export { fileOfScenario } from "./scenarios/to-file.ts";
export { entryOf, type PageTable, someEntry } from "./state/page-table.ts";
export { layoutOf, type Part, type PartValue, partOf, wholeOf } from "./state/parts.ts";
export { isOdd, SEQ_MODULUS_DEFAULT, seqAfter, seqBefore, seqDistance } from "./state/seq.ts";
export {
  emptyState,
  mirrorOf,
  mmOf,
  notifierOf,
  peekMirror,
  peekMm,
  peekNotifier,
  peekPlain,
  peekTask,
  plainOf,
  type State,
  taskOf,
} from "./state/state.ts";
export { faultPages } from "./tasks/fault-program.ts";
export { type At, type Blocked, type Branch, placeOf, SCENARIO_MM } from "./tasks/machine.ts";
export type { MemoryOperation, MmapOptions } from "./tasks/memory/operation.ts";
export {
  LINUX_6_1,
  type Model,
  type ModelChange,
  modelOf,
  mutated,
  pointsOf,
  recipesWith,
} from "./tasks/model-change.ts";
export {
  CORRECT_DRIVER,
  DMIRROR_6_1,
  type DriverBug,
  type DriverOptions,
  type Operation,
  type Scenario,
  TRIES_UNLIMITED,
} from "./tasks/operation.ts";
export { countsOf, likeTasks, mayNotBlock, taskOwning } from "./tasks/own.ts";
export { exchanged, isStoredWhole, namesTasks, projected, restored } from "./tasks/projection.ts";
export { faultsInFlight } from "./tasks/remove-program.ts";
export {
  blockedOn,
  enabledTasks,
  isDone,
  labelOf,
  mayRefuse,
  runStep,
  type SchedulingPoints,
  setUpEvents,
  srcuTask,
  standsAtPoint,
  VECTOR_POINTS,
} from "./tasks/runner.ts";
export type { Task } from "./tasks/task.ts";
