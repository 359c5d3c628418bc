/**
 * What a probe can mean, and which values it can show.
 *
 * A *role* is the canonical name of a probe: the names of ../shared/traces/probes. Lowering knows
 * roles only; a profile says which printed probe plays which. The fields are those that the recorders
 * here print, at entry and (`ret`, `seq` of read_begin) at return; a recorder may print fewer, and
 * then less can be concluded.
 */

const START = ["range", "mm", "start", "end", "flags", "event", "owner", "subs_seq", "active"];
const INSERT = ["sub", "mm", "start", "length", "ops", "ret"];
const UNDER_LOCK = ["sub", "subs", "sub_seq", "subs_seq", "active"];
const TREE_EDIT = ["sub", "root", "start", "last", "sub_seq", "subs_seq", "active"];

/** Any of these tells the driver's instance; a profile's `mirror` relates them. */
const INSTANCE = ["dmirror", "pt", "sub"];

/** Every role with the canonical names of its fields. */
export const ROLE_FIELDS = {
  insert: INSERT,
  insert_locked: INSERT,
  remove: ["sub", "mm", "start", "last", "sub_seq"],
  read_begin: ["sub", "mm", "sub_seq", "subs_seq", "seq"],
  inv_start: [...START, "ret"],
  inv_end: START,
  release: ["mm", "subs_seq"],
  subs_destroy: ["mm", "subs_seq"],
  register: ["subscription", "mm", "ret"],
  hmm_range_fault: [
    ...["range", "sub", "seq", "start", "end", "pfns"],
    ...["default_flags", "mask", "owner", "ret"],
  ],
  itree_inv_end: ["subs", "subs_seq", "active"],
  itree_insert: TREE_EDIT,
  itree_remove: TREE_EDIT,
  migrate_setup: ["args", "vma", "start", "end", "owner", "flags", "ret"],
  migrate_pages: ["args", "start", "end", "cpages", "npages"],
  migrate_finalize: ["args", "start", "end", "cpages", "npages"],
  make_exclusive: ["mm", "start", "end", "ret"],
  invalidate: [
    ...["sub", "range", "mm", "start", "end", "flags", "event", "owner"],
    ...["cur_seq", "sub_seq", "ret"],
  ],
  locked: INSTANCE,
  unlocking: INSTANCE,
  set_seq: ["sub", "cur_seq", "old_seq"],
  read_retry: ["sub", "seq", "sub_seq", "ret"],
  do_fault: [
    ...["dmirror", "range", "sub", "seq", "sub_seq", "start", "end"],
    ...["default_flags", "ret"],
  ],
  do_update: [...INSTANCE, "start", "end"],
  pte_store: [...INSTANCE, "pfn", "entry"],
  pte_erase: [...INSTANCE, "pfn"],
  range_snapshot: ["dmirror", "range", "start", "end", "ret"],
  inv_start_lk: ["range", "mm", "subs", "hit", "start", "end", "subs_seq", "active"],
  inv_end_lk: ["subs", "subs_seq", "active"],
  read_begin_lk: UNDER_LOCK,
  insert_lk: [...UNDER_LOCK, "rb"],
  remove_lk: [...UNDER_LOCK, "rb"],
  deferred_insert_lk: ["sub", "subs", "subs_seq"],
  deferred_remove_lk: ["sub", "subs", "subs_seq"],
  read_begin_wait: ["subs", "seq"],
  remove_wait: ["subs", "seq"],
  /** Known, and of no consequence for the protocol. */
  context: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** What a probe means: a canonical probe name, or `context`. */
export type Role = keyof typeof ROLE_FIELDS;

/** All roles. */
export const ROLES = Object.keys(ROLE_FIELDS) as readonly Role[];
