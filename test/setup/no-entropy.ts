/**
 * Every run of the suite is the same run: nothing that is tested may draw a random number.
 *
 * This file is loaded before the tests and what they import, so a fast-check property without a
 * `seed` draws its seed from here and fails, too. vitest has taken its own reference before.
 */
Math.random = () => {
  throw new Error("Math.random is not available: pass in a seed or a choice list");
};
