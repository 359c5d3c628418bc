/**
 * What a recorder would have printed at an event: the lines of the driver's probes and of the core's.
 *
 * Where one event has lines of both, the driver's call comes first: it is the caller.
 */
import type { Scenario, State } from "@mmreplay/core";
import type { EventType, MmEvent } from "@mmreplay/events";
import { CORE_AFTER, CORE_BEFORE, type Lines, type LineTable } from "./core-lines.ts";
import { DRIVER_AFTER, DRIVER_BEFORE } from "./driver-lines.ts";
import type { Printed, Scene } from "./scene.ts";
import type { Observer } from "./simulate.ts";

/** Prints the lines of one process as its events are folded. */
export function printingTo(
  print: (event: MmEvent, line: Printed) => void,
  scenario: Scenario,
  addresses: number,
): (state: State) => Observer {
  return (state) => {
    const scene: Scene = { state, scenario, addresses, stored: new Map() };
    const printAll = (table: LineTable, event: MmEvent): void => {
      const lines = table[event.type] as Lines<EventType> | undefined;
      for (const line of lines?.(scene, event) ?? []) print(event, line);
    };
    return {
      before(event) {
        printAll(DRIVER_BEFORE, event);
        printAll(CORE_BEFORE, event);
      },
      after(event) {
        printAll(CORE_AFTER, event);
        printAll(DRIVER_AFTER, event);
      },
    };
  };
}
