/**
 * The bodies of hmm-tests.c that cannot run yet, each with what it needs.
 */

/** `[body, what is not modelled]`, in the order of the kernel's file. */
export const NOT_MODELLED: readonly (readonly [name: string, needs: string])[] = [
  ["migrate", "migration"],
  ["migrate_file_private", "migration, mappings of files"],
  ["migrate_fault", "migration"],
  ["migrate_release", "migration"],
  ["migrate_shared", "migration, shared mappings"],
  ["migrate_mixed", "migration, a second device"],
  ["migrate_multiple", "migration"],
  ["snapshot", "migration, a second device"],
  ["double_map", "migration, a second device"],
  ["exclusive", "exclusive access"],
  ["exclusive_mprotect", "exclusive access"],
  ["exclusive_cow", "exclusive access"],
  ["hmm_gup_test", "migration"],
  ["hmm_cow_in_device", "migration"],
];
