/**
 * The bodies of hmm-tests.c that cannot run yet, each with what it needs.
 */

/** `[body, what is not modelled]`, in the order of the kernel's file. */
export const NOT_MODELLED: readonly (readonly [name: string, needs: string])[] = [
  ["hmm_gup_test", "get_user_pages from outside of a driver, pages of coherent memory"],
];
