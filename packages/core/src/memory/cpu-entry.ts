/**
 * What a CPU page table entry says: which frame, and what the CPU may do with it.
 *
 * An entry is a number, 0 where nothing is present. A present and writable one is the number of its
 * frame alone, so scenarios that only tell frames apart need no more. An entry of a huge page stands for
 * one of its pages; all pages of the PMD have such an entry, or none.
 */

/**
 * Kinds of entries that are not absent. A swap entry names the frame whose content was written out: its
 * number stands for the place in the swap area. A migration entry names the frame that is being copied; a
 * device-private one a frame of the device; an exclusive one the frame that a device has to itself. A
 * special one is memory without a struct page. A hint of NUMA balancing (`protnone`) may know that its page was
 * writable. `error` is no entry: hmm_range_fault reports it.
 */
const KINDS = [
  "writable",
  "read_only",
  "protnone",
  "swap",
  "migration",
  "migration_writable",
  "huge_writable",
  "huge_read_only",
  "huge_protnone",
  "huge_migration",
  "device_writable",
  "device_read_only",
  "exclusive",
  "hwpoison",
  "special",
  "error",
  "exclusive_read_only",
  "protnone_writable",
  "huge_protnone_writable",
  "huge_migration_writable",
] as const;

/** See `KINDS`. */
export type EntryKind = (typeof KINDS)[number];

/** Frames have numbers below this. */
const FRAME_SPAN = 2 ** 32;

/** The entry of a frame. */
export function cpuEntry(kind: EntryKind, frame: number): number {
  return KINDS.indexOf(kind) * FRAME_SPAN + frame;
}

/** The frame that an entry names; 0 for an absent one. */
export function frameOfCpu(entry: number): number {
  return entry % FRAME_SPAN;
}

/** What kind an entry is; undefined for an absent one. */
export function kindOf(entry: number): EntryKind | undefined {
  return entry === 0 ? undefined : KINDS[Math.floor(entry / FRAME_SPAN)];
}

const WRITABLE: readonly (EntryKind | undefined)[] = ["writable", "huge_writable"];
const READABLE: readonly (EntryKind | undefined)[] = ["read_only", "huge_read_only"];

/** Whether the CPU can read, or write, through an entry without a fault. */
export function allows(entry: number, write: boolean): boolean {
  const kind = kindOf(entry);
  return WRITABLE.includes(kind) || (!write && READABLE.includes(kind));
}

const PROTNONE: readonly (EntryKind | undefined)[] = [
  "protnone",
  "protnone_writable",
  "huge_protnone",
  "huge_protnone_writable",
];

/** Whether an entry names a page and allows nothing: a hint of NUMA balancing, or PROT_NONE. */
export function isProtnone(entry: number): boolean {
  return PROTNONE.includes(kindOf(entry));
}

/** Whether a present page of system memory is mapped, whatever it allows. */
export function isPresent(entry: number): boolean {
  return allows(entry, false) || isProtnone(entry);
}

/** Whether its page may be written without a look at who else has it: it can be, or could before a hint. */
export function wasWritable(entry: number): boolean {
  return allows(entry, true) || kindOf(entry)?.endsWith("protnone_writable") === true;
}

/** Whether an entry is part of a huge one. */
export function isHuge(entry: number): boolean {
  return kindOf(entry)?.startsWith("huge_") === true;
}

const MIGRATION: readonly (EntryKind | undefined)[] = [
  "migration",
  "migration_writable",
  "huge_migration",
  "huge_migration_writable",
];

/** Whether an entry waits for the copy of its page. */
export function isMigrating(entry: number): boolean {
  return MIGRATION.includes(kindOf(entry));
}

/** Whether an entry names a page of device-private memory. */
export function isDevicePrivate(entry: number): boolean {
  const kind = kindOf(entry);
  return kind === "device_writable" || kind === "device_read_only";
}

/** Whether an entry names a frame that a device has to itself. */
export function isExclusive(entry: number): boolean {
  const kind = kindOf(entry);
  return kind === "exclusive" || kind === "exclusive_read_only";
}

/** What each kind becomes when writing is no longer allowed. */
const READ_ONLY: Partial<Record<EntryKind, EntryKind>> = {
  writable: "read_only",
  huge_writable: "huge_read_only",
  migration_writable: "migration",
  device_writable: "device_read_only",
  exclusive: "exclusive_read_only",
  protnone_writable: "protnone",
  huge_protnone_writable: "huge_protnone",
  huge_migration_writable: "huge_migration",
};

/** What each kind becomes when nothing is allowed; what is not present only loses the right to write. */
const NO_ACCESS: Partial<Record<EntryKind, EntryKind>> = {
  ...READ_ONLY,
  writable: "protnone",
  read_only: "protnone",
  huge_writable: "huge_protnone",
  huge_read_only: "huge_protnone",
};

/** What a present kind becomes by a hint of NUMA balancing, which remembers the right to write (pte_mk_savedwrite). */
const HINTED: Partial<Record<EntryKind, EntryKind>> = {
  writable: "protnone_writable",
  read_only: "protnone",
  huge_writable: "huge_protnone_writable",
  huge_read_only: "huge_protnone",
};

/** What a present kind becomes when reading is allowed again. */
const READABLE_AGAIN: Partial<Record<EntryKind, EntryKind>> = {
  protnone: "read_only",
  protnone_writable: "read_only",
  huge_protnone: "huge_read_only",
  huge_protnone_writable: "huge_read_only",
};

/** What a kind becomes while its page is copied. */
const MIGRATING: Partial<Record<EntryKind, EntryKind>> = {
  writable: "migration_writable",
  device_writable: "migration_writable",
  protnone_writable: "migration_writable",
  read_only: "migration",
  protnone: "migration",
  device_read_only: "migration",
};

/** What the entries of a huge page become while it is copied as a whole. */
const MIGRATING_WHOLE: Partial<Record<EntryKind, EntryKind>> = {
  huge_writable: "huge_migration_writable",
  huge_protnone_writable: "huge_migration_writable",
  huge_read_only: "huge_migration",
  huge_protnone: "huge_migration",
};

/** What a present kind becomes when a device has the page to itself. */
const GRANTED: Partial<Record<EntryKind, EntryKind>> = {
  writable: "exclusive",
  read_only: "exclusive_read_only",
};

/** What a page that a device had to itself becomes. */
const RESTORED: Partial<Record<EntryKind, EntryKind>> = {
  exclusive: "writable",
  exclusive_read_only: "read_only",
};

/** What the entries of a huge page become when it is mapped page by page. */
const SPLIT: Partial<Record<EntryKind, EntryKind>> = {
  huge_writable: "writable",
  huge_read_only: "read_only",
  huge_protnone: "protnone",
  huge_protnone_writable: "protnone_writable",
  huge_migration: "migration",
  huge_migration_writable: "migration_writable",
};

function become(entry: number, kinds: Partial<Record<EntryKind, EntryKind>>): number {
  const kind = kindOf(entry);
  const after = kind === undefined ? undefined : kinds[kind];
  return after === undefined ? entry : cpuEntry(after, frameOfCpu(entry));
}

/** The entry without the right to write. */
export const writeProtected = (entry: number): number => become(entry, READ_ONLY);

/** The entry without any right. */
export const withoutAccess = (entry: number): number => become(entry, NO_ACCESS);

/** The entry with a hint of NUMA balancing. */
export const hinted = (entry: number): number => become(entry, HINTED);

/** The entry with the right to read. */
export const readableAgain = (entry: number): number => become(entry, READABLE_AGAIN);

/** The entry that keeps everybody out while its page is copied. */
export const migrationOf = (entry: number): number => become(entry, MIGRATING);

/** The same of a page that may be huge: then all its entries become that. */
export const migrationOfWhole = (entry: number): number =>
  become(entry, { ...MIGRATING, ...MIGRATING_WHOLE });

/** The entry that keeps the CPU out while a device has the page to itself. */
export const granted = (entry: number): number => become(entry, GRANTED);

/** The entry that lets the CPU in again. */
export const restored = (entry: number): number => become(entry, RESTORED);

/** The entry of the same page, mapped by itself. */
export const splitOff = (entry: number): number => become(entry, SPLIT);

/** The entry of the same page as part of a huge one. */
export function asHuge(write: boolean, frame: number): number {
  return cpuEntry(write ? "huge_writable" : "huge_read_only", frame);
}
