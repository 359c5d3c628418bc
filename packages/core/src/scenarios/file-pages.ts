/**
 * The pages that the operations of a file name: inside the address space, inside their notifier, and there.
 *
 * A fault outside of its notifier would be made inside it, and a fault of a page that is never there stores
 * nothing; either would be searched as something else than what the file says.
 */
import type { JsonPath, ScenarioFileOperation } from "@mmreplay/events";
import type { PlacedOperation, Refuse } from "./file-operations.ts";

/** How large the address space is, and what of it is there at the beginning. */
export interface FilePages {
  readonly pages: number;
  readonly present: number;
}

const HALF_OPEN = "[a, b] is pages a to b - 1.";
const COUNTED = "Pages of an address space are counted from 0.";

/**
 * Refuses the first page that an operation cannot mean.
 *
 * @throws SimError `E_SCENARIO_FILE`.
 */
export function refuseWrongPages(
  operations: readonly PlacedOperation[],
  { pages, present }: FilePages,
  refuse: Refuse,
): void {
  if (present > pages) {
    const expected = `a number up to ${pages}, the pages of the address space`;
    throw refuse(["present"], { found: `"present": ${present}`, expected, action: COUNTED });
  }
  const all = operations.map(({ op }) => op);
  for (const { op, path } of operations) {
    if ("pages" in op) refuseRange(op.pages, pages, path, refuse);
    if ("populate" in op && op.populate >= pages) {
      const expected = `a page from 0 to ${pages - 1}`;
      throw refuse(path, { found: `page ${op.populate}`, expected, action: COUNTED });
    }
    if ("fault" in op) refuseFault(op, all, present, path, refuse);
  }
}

function refuseRange(
  [from, to]: readonly [number, number],
  pages: number,
  path: JsonPath,
  refuse: Refuse,
): void {
  if (from < to && to <= pages) return;
  throw refuse(path, {
    found: `the pages [${from}, ${to}]`,
    expected: `a range that is not empty, up to ${pages}`,
    action: to > pages ? `${HALF_OPEN} "pages" says how many there are.` : HALF_OPEN,
  });
}

function refuseFault(
  { fault: name, page = 0, count = 1 }: Extract<ScenarioFileOperation, { fault: string }>,
  all: readonly ScenarioFileOperation[],
  present: number,
  path: JsonPath,
  refuse: Refuse,
): void {
  const filled = all.flatMap((op) => ("populate" in op ? [op.populate] : []));
  for (const op of all) {
    if (!("insert" in op) || op.insert !== name) continue;
    const [from, to] = op.pages;
    if (page + count > to - from) {
      throw refuse(path, {
        found: `a fault of page ${page + count - 1} of ${name}`,
        expected: `a page of ${name} from 0 to ${to - from - 1}`,
        action: "The page of a fault counts from its notifier's first.",
      });
    }
    const faulted = Array.from({ length: count }, (_, at) => from + page + at);
    const absent = faulted.find((one) => one >= present && !filled.includes(one));
    if (absent === undefined) continue;
    throw refuse(path, {
      found: `a fault of page ${absent}, which nobody fills`,
      expected: `"present": ${absent + 1} or more, or {"populate": ${absent}}`,
      action: `"present" says how many pages are there at the beginning, here ${present}.`,
    });
  }
}
