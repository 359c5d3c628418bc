/**
 * What of a state can still matter: the projection that a search stores and compares.
 *
 * A local whose value no later step reads is dead and cleared; so is a count that only numbers things.
 * What a task has of its own is written relative to it, so that tasks that are alike have equal values.
 * Two states with equal projections have equal futures; a test replays that they have.
 */
import { type RegionId, type TaskId, taskId } from "@mmreplay/events";
import type { Region } from "../address-space/region.ts";
import type { Part, PartValue } from "../state/parts.ts";
import { type Scenario, TRIES_UNLIMITED } from "./operation.ts";
import { regionsNamed, taskOwning } from "./own.ts";
import type { Call, Task } from "./task.ts";

/** Labels of a fault at which nothing of its read section will be read any more. */
const SECTION_IS_OVER: ReadonlySet<string> = new Set([
  "fault_read_begin",
  "fault_not_present",
  "fault_unlock",
  "fault_stored",
  "fault_retry",
  "fault_gave_up",
]);

/** Whether all of a part's value is stored, and as it is. */
export function isStoredWhole({ pageVersions }: Scenario, { fields, owner }: Part): boolean {
  if (fields[0] === "users") return pageVersions !== true;
  return owner !== "region" && fields[0] !== "name" && fields[0] !== "fault";
}

/** The part's value as it is stored. */
export function projected(scenario: Scenario, part: Part, value: PartValue): PartValue {
  switch (part.fields[0]) {
    case "name":
      return projectedTask(scenario, part.id, value as unknown as Task) as unknown as PartValue;
    case "fault":
      return { fault: liveFault(scenario, value["fault"] as Task["fault"]) };
    case "users":
      return scenario.pageVersions === true ? { ...value, nextFrame: 1 } : value;
    case "region":
      return { region: liveRegion(scenario, part, value["region"] as Region | null) };
    default:
      return value;
  }
}

/** What was stored, as the part's value: a copy that may be changed. */
export function restored(scenario: Scenario, part: Part, stored: PartValue): PartValue {
  if (part.fields[0] === "name") {
    stored["name"] = `task${part.id}`;
    const own = stored["region"] as RegionId | null;
    if (own !== null) stored["region"] = namedBy(scenario, part.id)[own] ?? null;
  }
  const region = stored["region"] as Region | null;
  const owner = part.owner === "region" ? taskOwning(scenario, part) : undefined;
  if (region !== null && owner !== undefined) {
    region.id = part.id as RegionId;
    region.task = taskId(owner);
  }
  return stored;
}

/** Fields that name the task that holds a lock. */
const HOLDERS = ["lock", "mmapLock"] as const;

/** Whether values of a part can name tasks. */
export function namesTasks({ fields }: Part): boolean {
  return HOLDERS.some((field) => fields.includes(field));
}

/** A stored value when tasks change places: `to[task]` is the new one. */
export function exchanged(value: PartValue, to: readonly number[]): PartValue {
  const after = { ...value };
  for (const field of HOLDERS) {
    const holder = value[field] as TaskId | null | undefined;
    if (holder != null) after[field] = to[holder] ?? holder;
  }
  const readers = value["mmapReaders"] as readonly TaskId[] | undefined;
  if (readers !== undefined) {
    after["mmapReaders"] = readers.map((reader) => to[reader] ?? reader).sort((a, b) => a - b);
  }
  return after;
}

const namedBy = (scenario: Scenario, task: number): RegionId[] => regionsNamed(scenario, task);

function projectedTask(scenario: Scenario, id: number, task: Task): Task {
  const region =
    task.region === null ? null : (namedBy(scenario, id).indexOf(task.region) as RegionId);
  const section = SECTION_IS_OVER.has(task.label) ? null : task.section;
  const calls = task.calls.length === 0 ? task.calls : task.calls.map(liveCall);
  return { ...task, name: "", region, section, calls };
}

/** How many device faults a command has taken is only reported. */
function liveCall(call: Call): Call {
  return call.args["faults"] === undefined ? call : { ...call, args: { ...call.args, faults: 0 } };
}

/** A region's number is read by its callbacks only. */
function liveRegion(scenario: Scenario, part: Part, region: Region | null): Region | null {
  if (region === null) return null;
  const seq = region.next === null ? null : region.seq;
  if (taskOwning(scenario, part) === undefined) return { ...region, seq };
  return { ...region, seq, id: 0 as RegionId, task: taskId(0) };
}

/** Tries are counted only for their bound. */
function liveFault({ driver }: Scenario, fault: Task["fault"]): Task["fault"] {
  if (fault === null) return fault;
  const { maxTries } = driver;
  return { ...fault, tries: maxTries === TRIES_UNLIMITED ? 0 : Math.min(fault.tries, maxTries) };
}
