/**
 * The parts of a state: what changes together, and what a search stores and compares.
 *
 * One declared table says which fields form a part. A state is cut into parts (`partsOf`) and seen
 * again as a whole (`wholeOf`): there each field is read and written through its part, and a part is
 * fetched when it is first touched, so whoever steps a whole learns what the step depended on. No
 * recipe, program or rule can tell a whole from a state.
 */
import type { MmId, RegionId } from "@mmreplay/events";
import { emptyAddressSpace } from "../address-space/address-space.ts";
import type { Region } from "../address-space/region.ts";
import { emptyMirror } from "../drivers/mirror/mirror.ts";
import { emptyNotifier } from "../interval-notifiers/interval-notifier.ts";
import { emptyPlainNotifier } from "../notifier-list/plain-notifier.ts";
import { emptySrcu } from "../notifier-list/srcu.ts";
import { emptyTask } from "../tasks/task.ts";
import type { State } from "./state.ts";

/** Which kernel object a part belongs to. */
export type PartOwner =
  | "frames"
  | "mm"
  | "region"
  | "notifier"
  | "plain"
  | "mirror"
  | "srcu"
  | "task";

/** One part of a state. */
export interface Part {
  readonly owner: PartOwner;
  /** Id of the owner. */
  readonly id: number;
  /** The address space of a region. */
  readonly mm?: MmId;
  /** Its first field is its name. */
  readonly fields: readonly string[];
}

/** The values of a part's fields. */
export type PartValue = Record<string, unknown>;

const LISTS = {
  mm: "mms",
  notifier: "notifiers",
  plain: "plains",
  mirror: "mirrors",
  task: "tasks",
} as const;

type Listed = keyof typeof LISTS;

/** The table: for each kind of object, its fields in groups. Regions have parts of their own. */
const GROUPS: Readonly<Record<Listed, readonly (readonly string[])[]>> = {
  mm: [
    [
      "users",
      "count",
      "dead",
      "mmapLock",
      "mmapReaders",
      "plainCalls",
      "vmas",
      "nextFrame",
      "parent",
    ],
    ["subs"],
    ["cpu", "tlb", "written"],
  ],
  notifier: [["seq"], ["mm", "mirror", "start", "last"], ["inTree", "deferred", "phase"]],
  plain: [["mm", "ops", "users", "linked", "next", "phase"]],
  mirror: [
    ["lock", "variables"],
    ["device", "freed"],
  ],
  task: [
    [
      "name",
      "pc",
      "label",
      "calls",
      "section",
      "walk",
      "held",
      "granted",
      "region",
      "srcuWait",
      "references",
      "allocated",
    ],
    ["sleep"],
    ["fault"],
  ],
};

/** A region by its id in its address space. */
export interface RegionName {
  readonly mm: MmId;
  readonly id: RegionId;
}

/** How many objects of each kind a state can come to hold. */
export interface PartCounts {
  readonly mms: number;
  readonly notifiers: number;
  readonly plains: number;
  readonly mirrors: number;
  readonly tasks: number;
  /** Regions, open or not. */
  readonly regions: readonly RegionName[];
  /** Whether frames have contents. */
  readonly frames: boolean;
}

/** The part that is one region. */
export function regionPart({ mm, id }: RegionName): Part {
  return { owner: "region", id, mm, fields: ["region"] };
}

/** The parts of states with at most so many objects. */
export function layoutOf(counts: PartCounts): readonly Part[] {
  const { mms, notifiers, plains, mirrors, tasks, regions } = counts;
  const each = (owner: Listed, count: number): Part[] =>
    Array.from({ length: count }, (_, id) =>
      GROUPS[owner].map((fields) => ({ owner, id, fields })),
    ).flat();
  return [
    { owner: "srcu", id: 0, fields: Object.keys(emptySrcu()) },
    ...(counts.frames ? [{ owner: "frames", id: 0, fields: ["frames", "files"] } as const] : []),
    ...regions.map(regionPart),
    ...each("mm", mms),
    ...each("notifier", notifiers),
    ...each("plain", plains),
    ...each("mirror", mirrors),
    ...each("task", tasks),
  ];
}

const EMPTY: Readonly<Record<Listed, () => object>> = {
  mm: emptyAddressSpace,
  notifier: emptyNotifier,
  plain: emptyPlainNotifier,
  mirror: emptyMirror,
  task: emptyTask,
};

/** The value of one part of a state; what was never named is empty. */
export function partOf(state: State, { owner, id, mm, fields }: Part): PartValue {
  if (owner === "frames") return { frames: state.frames, files: state.files };
  if (owner === "region") return { region: state.mms[mm ?? 0]?.regions[id as RegionId] ?? null };
  const object = owner === "srcu" ? state.srcu : (state[LISTS[owner]][id] ?? EMPTY[owner]());
  return Object.fromEntries(fields.map((field) => [field, (object as PartValue)[field]]));
}

/**
 * A state whose fields are those of the parts that `fetch` gives, by their places in the layout.
 * `fetch` is called at every access and answers with the same object until the caller changes that.
 */
export function wholeOf(
  layout: readonly Part[],
  seqModulus: number,
  fetch: (place: number) => PartValue,
): State {
  const whole = {
    seqModulus,
    mms: [],
    frames: [],
    files: [],
    notifiers: [],
    plains: [],
    mirrors: [],
    tasks: [],
    srcu: {},
  };
  for (const [place, { owner, id, fields }] of layout.entries()) {
    if (owner === "region") continue;
    const target = targetOf(whole, owner, id);
    for (const field of fields) {
      Object.defineProperty(target, field, {
        enumerable: true,
        get: () => fetch(place)[field],
        set: (value: unknown) => {
          fetch(place)[field] = value;
        },
      });
    }
  }
  for (const [id, mm] of (whole.mms as { regions: unknown }[]).entries()) {
    mm.regions = regionsOf(layout, fetch, id);
  }
  return whole as unknown as State;
}

function targetOf(
  whole: Record<"srcu", object> & Record<(typeof LISTS)[Listed], object[]>,
  owner: Exclude<PartOwner, "region">,
  id: number,
): object {
  if (owner === "frames") return whole;
  return owner === "srcu" ? whole.srcu : objectAt(whole[LISTS[owner]], id);
}

function objectAt(list: object[], id: number): object {
  list[id] ??= {};
  return list[id];
}

/** Open regions of an address space by their ids, each fetched when it is asked for. */
function regionsOf(
  layout: readonly Part[],
  fetch: (place: number) => PartValue,
  mm: number,
): Record<RegionId, Region> {
  const places = new Map(
    layout.flatMap((part, place) =>
      part.owner === "region" && part.mm === mm ? [[String(part.id), place] as const] : [],
    ),
  );
  const part = (key: string | symbol): PartValue | undefined => {
    const place = places.get(String(key));
    return place === undefined ? undefined : fetch(place);
  };
  const isOpen = (key: string | symbol): boolean => part(key)?.["region"] != null;
  return new Proxy<Record<RegionId, Region>>(
    {},
    {
      get: (_, key) => part(key)?.["region"] ?? undefined,
      has: (_, key) => isOpen(key),
      ownKeys: () => [...places.keys()].filter(isOpen),
      getOwnPropertyDescriptor: (_, key) =>
        isOpen(key)
          ? { configurable: true, enumerable: true, writable: true, value: part(key)?.["region"] }
          : undefined,
      set: (_, key, value) => setRegion(part(key), value),
      deleteProperty: (_, key) => setRegion(part(key), null),
    },
  );
}

function setRegion(part: PartValue | undefined, region: Region | null): boolean {
  if (part === undefined) return false;
  part["region"] = region;
  return true;
}
