/**
 * Where the probes of a generated recording sit, as the text formats print it.
 *
 * Names and callers are those of test/fixtures/traces: group `mn` for the notifier core, group `dm` for
 * lib/test_hmm.c. tracefs prints symbols, and of a return its caller first; trace-cmd and perf print
 * addresses, and the function first.
 */

/** A function, or its return, that is probed. */
export interface Site {
  /** Name of the probe; a return has `_ret`. */
  readonly probe: string;
  readonly group: "mn" | "dm";
  /** The place as tracefs prints it. */
  readonly symbols: string;
  /** The place as trace-cmd and perf print it. */
  readonly addresses: string;
}

/** A function that is probed where it is entered and where it returns. */
export interface ProbedCall {
  readonly entry: Site;
  readonly left: Site;
}

const moduleOf = (symbol: string): string => (symbol.startsWith("dmirror_") ? " [test_hmm]" : "");

/** An address that no kernel has, one for each symbol. */
function addressOf(symbol: string): string {
  let sum = 0;
  for (const character of symbol) sum = (sum * 31 + character.charCodeAt(0)) % 0x10_0000;
  const base = moduleOf(symbol) === "" ? 0x8100_0000 : 0xc020_0000;
  return `ffffffff${(base + sum).toString(16)}`;
}

/** A function that is probed where it is entered. */
export function probedEntry(group: Site["group"], probe: string, symbol: string): Site {
  const symbols = `(${symbol}+0x0/0x70${moduleOf(symbol)})`;
  return { probe, group, symbols, addresses: `(${addressOf(symbol)})` };
}

/** A function that is probed at both ends; `caller` is where it returns to. */
export function probedCall(
  group: Site["group"],
  probe: string,
  symbol: string,
  caller: string,
): ProbedCall {
  const left: Site = {
    probe: `${probe}_ret`,
    group,
    symbols: `(${caller}+0x4c/0x170${moduleOf(caller)} <- ${symbol})`,
    addresses: `(${addressOf(symbol)} <- ${addressOf(caller)})`,
  };
  return { entry: probedEntry(group, probe, symbol), left };
}
