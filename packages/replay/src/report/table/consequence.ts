/**
 * What a violation leads to, in one line of plain words.
 *
 * By the rules' ids, not by the rules: a page shows the line, too, and would have all of them in it.
 */

const MISUSE = "The driver breaks the interface's contract; what follows depends on the timing.";
const WAITS = "A task may wait for ever.";
/** Of every other rule. */
const UNSAFE = "The device may use a page that the CPU has taken away.";

const BY_RULE: Readonly<Record<string, string>> = {
  "K-I12": "A device fault that runs at this time does not notice that its pages were taken away.",
  "K-I13": "The device may keep using a page that the CPU has taken away.",
  "K-I14": "The device maps a page that the CPU has taken away.",
  "K-I15": "A driver that mirrors the page is not told that it changed.",
  "K-I16": "The page is freed while the device may still use it.",
  "K-I17": "A callback runs on a notifier that its driver may have freed: use after free.",
  "K-I18": WAITS,
  "K-I19": WAITS,
  "K-I22": "The OOM reaper can block, or frees pages that the device still uses.",
  "K-I23": MISUSE,
  "K-I24": "Later invalidations of this mm count wrongly: readers wait for ever, or not at all.",
  "K-I26": "An invalidation can come between check and store, and the stale page stays mapped.",
  "K-I27": "The pages that were looked up are not covered by the retry check.",
  "K-I28": "The task can wait for an invalidation that waits for its lock.",
  "set-seq-locked":
    "On a machine a fault can compare the old number under the lock and then store a page that was taken away.",
  "K-I31": "The device maps pages of an address space that is gone.",
};

/** The consequence of violating a rule; undefined of what is no rule: a deadlock is its own. */
export function consequenceOf(rule: string): string | undefined {
  return BY_RULE[rule] ?? (/^[KM]-I\d+$/.test(rule) ? UNSAFE : undefined);
}
