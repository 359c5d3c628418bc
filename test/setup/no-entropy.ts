/**
 * Every run of the suite is the same run: nothing that is tested may draw a random number or read
 * the clock. fast-check and vitest keep their own references, taken before this file is loaded.
 */
Math.random = () => {
  throw new Error("Math.random is not available: pass in a seed or a choice list");
};
