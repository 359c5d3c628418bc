/**
 * The probes of the kprobe recorder: one definition of a kprobe event a line.
 *
 * `{struct.member}` stands for the member's offset, which the script computes on the target. The names
 * are those that the importers' profiles know: group `mn` for the notifier core, group `dm` for
 * lib/test_hmm.c, and the return of `X` is `X_ret`. A `r64:` probe keeps up to 64 calls in flight.
 */

/** Probes without which no check is possible; the recorder stops when one is refused. */
export const REQUIRED_PROBES: readonly string[] = [
  "mn/insert",
  "mn/remove",
  "mn/read_begin",
  "mn/read_begin_ret",
  "mn/inv_start",
  "mn/inv_start_ret",
  "mn/inv_end",
];

/** Structures whose offsets must be known. */
export const REQUIRED_MEMBERS: readonly string[] = [
  "mmu_notifier_range.mm",
  "mmu_interval_notifier.invalidate_seq",
];

const RANGE = rangeFields("$arg1");

const SUBS_SEQ = "{mmu_notifier_subscriptions.invalidate_seq}";
const ACTIVE = "{mmu_notifier_subscriptions.active_invalidate_ranges}";
const SUB_SEQ = "{mmu_interval_notifier.invalidate_seq}";
const SUB_MM = "+{mmu_interval_notifier.mm}($arg1)";
const RANGE_MM = "+{mmu_notifier_range.mm}($arg1)";

function rangeFields(range: string): string {
  const field = (member: string, type: string): string =>
    `${member}=+{mmu_notifier_range.${member}}(${range}):${type}`;
  return [
    field("mm", "x64"),
    field("start", "x64"),
    field("end", "x64"),
    field("flags", "x32"),
    field("event", "u32"),
    field("owner", "x64"),
  ].join(" ");
}

function subscriptions(mm: string): string {
  return `+{mm_struct.notifier_subscriptions}(${mm})`;
}

function mmSequence(mm: string): string {
  return `subs_seq=+${SUBS_SEQ}(${subscriptions(mm)}):u64`;
}

const RANGE_STATE = `${mmSequence(RANGE_MM)} active=+${ACTIVE}(${subscriptions(RANGE_MM)}):u64`;
const INSERT_FIELDS = "sub=$arg1:x64 mm=$arg2:x64 start=$arg3:x64 length=$arg4:x64 ops=$arg5:x64";
const MIGRATED = "start=+{migrate_vma.start}($arg1):x64 end=+{migrate_vma.end}($arg1):x64";
const MIGRATED_PAGES =
  "cpages=+{migrate_vma.cpages}($arg1):u64 npages=+{migrate_vma.npages}($arg1):u64";
const HMM_RANGE = "start=+{hmm_range.start}($arg2):x64 end=+{hmm_range.end}($arg2):x64";

/** Group `mn`: the notifier core, HMM and the migration of pages. */
export const CORE_PROBES: readonly string[] = [
  `p:mn/insert mmu_interval_notifier_insert ${INSERT_FIELDS}`,
  "r64:mn/insert_ret mmu_interval_notifier_insert ret=$retval:s32",
  `p:mn/insert_locked mmu_interval_notifier_insert_locked ${INSERT_FIELDS}`,
  "r64:mn/insert_locked_ret mmu_interval_notifier_insert_locked ret=$retval:s32",
  `p:mn/remove mmu_interval_notifier_remove sub=$arg1:x64 mm=${SUB_MM}:x64 start=+{interval_tree_node.start}($arg1):x64 last=+{interval_tree_node.last}($arg1):x64 sub_seq=+${SUB_SEQ}($arg1):u64`,
  "r64:mn/remove_ret mmu_interval_notifier_remove",
  `p:mn/read_begin mmu_interval_read_begin sub=$arg1:x64 mm=${SUB_MM}:x64 sub_seq=+${SUB_SEQ}($arg1):u64 ${mmSequence(SUB_MM)}`,
  "r64:mn/read_begin_ret mmu_interval_read_begin seq=$retval:u64",
  `p:mn/inv_start __mmu_notifier_invalidate_range_start range=$arg1:x64 ${RANGE} ${RANGE_STATE}`,
  "r64:mn/inv_start_ret __mmu_notifier_invalidate_range_start ret=$retval:s32",
  `p:mn/inv_end __mmu_notifier_invalidate_range_end range=$arg1:x64 ${RANGE} ${RANGE_STATE}`,
  "r64:mn/inv_end_ret __mmu_notifier_invalidate_range_end",
  `p:mn/release __mmu_notifier_release mm=$arg1:x64 ${mmSequence("$arg1")}`,
  "r64:mn/release_ret __mmu_notifier_release",
  `p:mn/subs_destroy __mmu_notifier_subscriptions_destroy mm=$arg1:x64 ${mmSequence("$arg1")}`,
  "p:mn/register __mmu_notifier_register subscription=$arg1:x64 mm=$arg2:x64",
  "p:mn/hmm_range_fault hmm_range_fault range=$arg1:x64 sub=+{hmm_range.notifier}($arg1):x64 seq=+{hmm_range.notifier_seq}($arg1):u64 start=+{hmm_range.start}($arg1):x64 end=+{hmm_range.end}($arg1):x64 pfns=+{hmm_range.hmm_pfns}($arg1):x64 default_flags=+{hmm_range.default_flags}($arg1):x64 mask=+{hmm_range.pfn_flags_mask}($arg1):x64 owner=+{hmm_range.dev_private_owner}($arg1):x64",
  "r64:mn/hmm_range_fault_ret hmm_range_fault ret=$retval:s32",
  `p:mn/itree_inv_end mn_itree_inv_end subs=$arg1:x64 subs_seq=+${SUBS_SEQ}($arg1):u64 active=+${ACTIVE}($arg1):u64`,
  "r64:mn/itree_inv_end_ret mn_itree_inv_end",
  `p:mn/migrate_setup migrate_vma_setup args=$arg1:x64 vma=+{migrate_vma.vma}($arg1):x64 ${MIGRATED} owner=+{migrate_vma.pgmap_owner}($arg1):x64 flags=+{migrate_vma.flags}($arg1):x64`,
  "r64:mn/migrate_setup_ret migrate_vma_setup ret=$retval:s32",
  `p:mn/migrate_pages migrate_vma_pages args=$arg1:x64 ${MIGRATED} ${MIGRATED_PAGES}`,
  "r64:mn/migrate_pages_ret migrate_vma_pages",
  `p:mn/migrate_finalize migrate_vma_finalize args=$arg1:x64 ${MIGRATED} ${MIGRATED_PAGES}`,
  "r64:mn/migrate_finalize_ret migrate_vma_finalize",
  "p:mn/exclusive make_device_exclusive_range mm=$arg1:x64 start=$arg2:x64 end=$arg3:x64",
  "r64:mn/exclusive_ret make_device_exclusive_range ret=$retval:s32",
];

const CALLBACK = `sub=$arg1:x64 range=$arg2:x64 ${rangeFields("$arg2")} cur_seq=$arg3:u64 sub_seq=+${SUB_SEQ}($arg1):u64`;

/** A call of the driver with its return. */
function driverCall(name: string, symbol: string, fields: string, result: string): string[] {
  return [
    `p:dm/${name} test_hmm:${symbol} ${fields}`.trimEnd(),
    driverReturn(name, symbol, result),
  ];
}

function driverReturn(name: string, symbol: string, result: string): string {
  return `r64:dm/${name}_ret test_hmm:${symbol}${result === "" ? "" : ` ret=$retval:${result}`}`;
}

const COMMAND = "dmirror=$arg1:x64 addr=+0($arg2):x64 npages=+16($arg2):u64";
const MIGRATION = `dmirror=$arg2:x64 args=$arg1:x64 ${MIGRATED}`;
const FLAGS = "default_flags=+{hmm_range.default_flags}($arg2):x64";

/** Group `dm`: lib/test_hmm.c. Functions that this build inlines are skipped by the script. */
export const TEST_HMM_PROBES: readonly string[] = [
  ...driverCall("invalidate", "dmirror_interval_invalidate", CALLBACK, "u8"),
  ...driverCall("snap_invalidate", "dmirror_snapshot_invalidate", CALLBACK, "u8"),
  "p:dm/locked test_hmm:dmirror_locked dmirror=$arg1:x64",
  "p:dm/unlocking test_hmm:dmirror_unlocking dmirror=$arg1:x64",
  `p:dm/set_seq test_hmm:dmirror_set_seq sub=$arg1:x64 cur_seq=$arg2:u64 old_seq=+${SUB_SEQ}($arg1):u64`,
  ...driverCall(
    "read_retry",
    "dmirror_read_retry",
    `sub=$arg1:x64 seq=$arg2:u64 sub_seq=+${SUB_SEQ}($arg1):u64`,
    "u8",
  ),
  ...driverCall(
    "do_fault",
    "dmirror_do_fault",
    `dmirror=$arg1:x64 range=$arg2:x64 sub=+{hmm_range.notifier}($arg2):x64 seq=+{hmm_range.notifier_seq}($arg2):u64 sub_seq=+${SUB_SEQ}(+{hmm_range.notifier}($arg2)):u64 ${HMM_RANGE} ${FLAGS}`,
    "s32",
  ),
  ...driverCall(
    "do_update",
    "dmirror_do_update",
    "dmirror=$arg1:x64 start=$arg2:x64 end=$arg3:x64",
    "",
  ),
  "p:dm/pte_store test_hmm:dmirror_pte_store pt=$arg1:x64 pfn=$arg2:x64 entry=$arg3:x64",
  "p:dm/pte_erase test_hmm:dmirror_pte_erase pt=$arg1:x64 pfn=$arg2:x64",
  ...driverCall(
    "range_fault",
    "dmirror_range_fault",
    `dmirror=$arg1:x64 range=$arg2:x64 ${HMM_RANGE} ${FLAGS}`,
    "s32",
  ),
  ...driverCall(
    "range_snapshot",
    "dmirror_range_snapshot",
    `dmirror=$arg1:x64 range=$arg2:x64 ${HMM_RANGE}`,
    "s32",
  ),
  ...driverCall("read", "dmirror_read", COMMAND, "s32"),
  ...driverCall("write", "dmirror_write", COMMAND, "s32"),
  ...driverCall("open", "dmirror_fops_open", "filp=$arg2:x64", "s32"),
  ...driverCall("close", "dmirror_fops_release", "dmirror=+{file.private_data}($arg2):x64", "s32"),
  ...driverCall("mig_to_dev", "dmirror_migrate_to_device", COMMAND, "s32"),
  ...driverCall("mig_to_sys", "dmirror_migrate_to_system", COMMAND, "s32"),
  `p:dm/mig_map test_hmm:dmirror_migrate_finalize_and_map ${MIGRATION}`,
  `p:dm/mig_back test_hmm:dmirror_devmem_fault_alloc_and_copy ${MIGRATION}`,
  ...driverCall(
    "atomic_map",
    "dmirror_atomic_map",
    "dmirror=$arg4:x64 start=$arg1:x64 end=$arg2:x64",
    "s32",
  ),
  ...driverCall("excl", "dmirror_exclusive", COMMAND, "s32"),
  ...driverCall("devmem_fault", "dmirror_devmem_fault", "vmf=$arg1:x64", "x32"),
];
