/**
 * Rare paths of HMM, of pages that move to a device and of pages that a device has to itself.
 *
 * -EBUSY of hmm_range_fault says two things that a driver cannot tell apart: somebody invalidates, or the
 * call's own fault has just done so (protocol.md 4.7). They are two marks.
 */
import { frameOfCpu, isDevicePrivate, isExclusive } from "../memory/cpu-entry.ts";
import { entryOf } from "../state/page-table.ts";
import { peekMm, peekTask } from "../state/state.ts";
import { type Mark, mark } from "./mark.ts";

const EPERM = -1;
const EFAULT = -14;
const EBUSY = -16;

const RANGE_FAULT: readonly Mark[] = [
  mark(
    "hmm_range_fault_return",
    {
      name: "hmm-busy-by-others",
      says: "hmm_range_fault answers -EBUSY without a fault of its own: somebody else invalidates.",
      source: "hmm_range_fault, protocol.md 4.7",
      rules: ["K-I12", "K-I13", "K-I14"],
    },
    (state, { task, rc }) =>
      rc === EBUSY && peekTask(state, task).calls.at(-1)?.args["stop"] === undefined,
  ),
  mark(
    "hmm_range_fault_return",
    {
      name: "hmm-busy-after-fault",
      says: "hmm_range_fault answers -EBUSY after it has faulted pages in, as its own copy makes it.",
      source: "hmm_range_fault, protocol.md 4.7",
      rules: ["K-I12", "K-I13", "K-I14"],
    },
    (state, { task, rc }) =>
      rc === EBUSY && peekTask(state, task).calls.at(-1)?.args["stop"] !== undefined,
  ),
  mark(
    "hmm_range_fault_return",
    {
      name: "hmm-not-there",
      says: "hmm_range_fault answers -EFAULT: nothing is mapped there, or its page cannot be had.",
      source: "hmm_vma_walk_test, hmm_vma_fault",
      rules: ["M-I1"],
    },
    (_, { rc }) => rc === EFAULT,
  ),
  mark(
    "hmm_range_fault_return",
    {
      name: "hmm-not-permitted",
      says: "hmm_range_fault answers -EPERM: the device would write where the process may not.",
      source: "hmm_vma_fault",
      rules: ["M-I1"],
    },
    (_, { rc }) => rc === EPERM,
  ),
  mark(
    "migration_entry_wait",
    {
      name: "migration-waited-for",
      says: "hmm_range_fault has waited for a page that was on its way to another place.",
      source: "migration_entry_wait, hmm_vma_handle_pte",
      rules: ["M-I5", "K-I12"],
    },
    () => true,
  ),
  mark(
    "device_map",
    {
      name: "store-after-missed-callback",
      says: "Pages are stored although they were moved in between, and the callback said nothing.",
      needs: "the test driver of 6.1, whose callback leaves its own migrations alone",
      source: "dmirror_interval_invalidate, protocol.md 6.3",
      rules: ["K-I13", "M-I7"],
    },
    (state, { task }) => peekTask(state, task).section?.missed === true,
  ),
];

const MOVING: readonly Mark[] = [
  mark(
    "migrate_to_ram",
    {
      name: "faulted-back",
      says: "The CPU touches a page that is in a device's memory, and it moves back.",
      source: "migrate_to_ram, do_swap_page",
      rules: ["M-I5", "M-I6"],
    },
    () => true,
  ),
  mark(
    "migrate_vma_unmap",
    {
      name: "page-not-moved",
      says: "A page that was to move is in use elsewhere, and stays.",
      source: "migrate_vma_check_page, migrate_vma_unmap",
      rules: ["M-I4", "M-I5", "M-I6"],
    },
    (_, { gaveUp }) => gaveUp.length > 0,
  ),
  mark(
    "migrate_vma_insert_page",
    {
      name: "page-not-inserted",
      says: "Where a moved page was to come something else has come in between.",
      source: "migrate_vma_insert_page",
      rules: ["M-I5", "M-I6"],
    },
    (_, { gaveUp }) => gaveUp.length > 0,
  ),
  mark(
    "copy_page_range",
    {
      name: "fork-shares-device-page",
      says: "A fork copies the entry of a page that is in a device's memory.",
      source: "copy_nonpresent_pte",
      rules: ["M-I4", "M-I6"],
    },
    (_, { entries }) => entries.some(([, entry]) => isDevicePrivate(entry)),
  ),
  mark(
    "invalidate",
    {
      name: "owner-skips-own",
      says: "A callback leaves an invalidation alone that its own device has asked for.",
      source: "dmirror_interval_invalidate, mmu_notifier_range.owner",
      rules: ["K-I13", "M-I7"],
    },
    (state, { mm, region, goto }) =>
      goto === "cb_return" && peekMm(state, mm).regions[region]?.owner !== null,
  ),
];

const EXCLUSIVE: readonly Mark[] = [
  mark(
    "mmu_notifier_invalidate_range_start",
    {
      name: "exclusive-revoked",
      says: "The CPU takes back a page that a device had to itself.",
      source: "remove_device_exclusive_entry",
      rules: ["M-I7", "K-I14"],
    },
    (_, { event, owner }) => event === "EXCLUSIVE" && owner === null,
  ),
  mark(
    "handle_mm_fault",
    {
      name: "revoked-too-late",
      says: "The CPU comes to take a page back that somebody else has taken back already.",
      source: "remove_device_exclusive_entry, pte_same",
      rules: ["M-I7"],
    },
    (_, { entries, goto }) => entries.length === 0 && goto === "revoke_end",
  ),
  mark(
    "cpu_pte_change",
    {
      name: "grant-too-late",
      says: "A page that a device asked to have to itself has changed since it was looked up.",
      source: "page_make_device_exclusive_one",
      rules: ["M-I7"],
    },
    (state, { task, entries }) =>
      entries.length === 0 && (peekTask(state, task).granted?.pages.length ?? 0) > 0,
  ),
  mark(
    "cpu_pte_change",
    {
      name: "exclusive-taken-away",
      says: "An operation of the mm takes away a page that a device has to itself.",
      source: "zap_pte_range, is_device_exclusive_entry",
      rules: ["M-I4", "M-I7"],
    },
    (state, { mm, entries }) =>
      entries.some(([page, now]) => {
        const old = entryOf(peekMm(state, mm).cpu, page);
        return isExclusive(old) && !isExclusive(now) && frameOfCpu(now) !== frameOfCpu(old);
      }),
  ),
];

/** Rare paths of HMM and of devices' pages. */
export const DEVICE_MARKS: readonly Mark[] = [...RANGE_FAULT, ...MOVING, ...EXCLUSIVE];
