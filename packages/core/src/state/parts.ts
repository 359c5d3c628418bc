/**
 * The parts of a state: what changes together, and what a search stores and compares.
 *
 * One declared table says which fields form a part. A state is cut into parts (`partsOf`) and seen
 * again as a whole (`wholeOf`): there each field is read and written through its part, and a part is
 * fetched when it is first touched, so whoever steps a whole learns what the step depended on. No
 * recipe, program or rule can tell a whole from a state.
 */
import type { State } from "./state.ts";

/** Which kernel object a part belongs to. */
export type PartOwner = "mm" | "notifier" | "plain" | "mirror" | "srcu" | "task";

/** One part of a state. */
export interface Part {
  readonly owner: PartOwner;
  /** Id of the owner. */
  readonly id: number;
  /** Its first field is its name. */
  readonly fields: readonly string[];
}

/** The values of a part's fields. */
export type PartValue = Record<string, unknown>;

/** The table: for each kind of object, its fields in groups. */
const GROUPS: Readonly<Record<Exclude<PartOwner, "srcu">, readonly (readonly string[])[]>> = {
  mm: [
    ["users", "count", "dead", "mmapLock", "plainCalls", "nextFrame"],
    ["subs"],
    ["regions"],
    ["cpu"],
  ],
  notifier: [["seq"], ["mm", "mirror", "start", "last", "inTree", "deferred", "phase"]],
  plain: [["mm", "ops", "users", "linked", "next", "phase"]],
  mirror: [["lock"], ["device"]],
  task: [
    ["name", "pc", "label", "section", "walk", "region", "srcuWait", "references", "allocated"],
    ["sleep"],
    ["fault"],
  ],
};

const LISTS = {
  mm: "mms",
  notifier: "notifiers",
  plain: "plains",
  mirror: "mirrors",
  task: "tasks",
} as const;

const OWNERS = Object.keys(LISTS) as (keyof typeof LISTS)[];

/** The parts of a state with as many objects of each kind as this one. */
export function layoutOf(state: State): readonly Part[] {
  const parts: Part[] = [{ owner: "srcu", id: 0, fields: Object.keys(state.srcu) }];
  for (const owner of OWNERS) {
    for (const id of state[LISTS[owner]].keys()) {
      for (const fields of GROUPS[owner]) parts.push({ owner, id, fields });
    }
  }
  return parts;
}

const ownerOf = (state: State, { owner, id }: Part): PartValue =>
  (owner === "srcu" ? state.srcu : state[LISTS[owner]][id]) as unknown as PartValue;

/** The values of a state's parts, in the order of its layout. */
export function partsOf(state: State, layout: readonly Part[]): PartValue[] {
  return layout.map((part) => {
    const owner = ownerOf(state, part);
    return Object.fromEntries(part.fields.map((field) => [field, owner[field]]));
  });
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
    notifiers: [],
    plains: [],
    mirrors: [],
    tasks: [],
    srcu: {},
  };
  for (const [place, { owner, id, fields }] of layout.entries()) {
    const target = owner === "srcu" ? whole.srcu : objectAt(whole[LISTS[owner]], id);
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
  return whole as unknown as State;
}

function objectAt(list: object[], id: number): object {
  list[id] ??= {};
  return list[id];
}
