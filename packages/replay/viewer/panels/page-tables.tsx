/**
 * The CPU's page table beside the device's, by address: what the device has and the CPU has not is stale.
 *
 * In a run both are known. A recording does not show the CPU's entries, so there a page is stale where a rule was
 * violated by mapping it, as long as it stays mapped (model/stale-pages.ts).
 */
import {
  type AddressSpace,
  frameOf,
  frameOfCpu,
  kindOf,
  type Mirror,
  mayWrite,
  type State,
} from "@mmreplay/core";
import { addressOfPage } from "@mmreplay/events";
import { type PageRow, rowsOf } from "../model/page-rows.ts";
import { short } from "./intervals.tsx";
import { useStore } from "./use-shown.ts";

/** More rows are counted, not shown. */
const ROWS_MAX = 64;

interface Props {
  readonly id: number;
  readonly mm: AddressSpace;
  readonly state: State;
  /** The event after which the state is this one. */
  readonly moment: number;
  readonly changed: ReadonlySet<string>;
}

/** The page tables of an mm's devices. */
export function PageTables({ id, mm, state, moment, changed }: Props) {
  const store = useStore();
  const mirrors = new Set(
    state.notifiers.filter((one) => one.mm === id).map(({ mirror }) => mirror),
  );
  const recorded = store.head.header.kind === "recording";
  return (
    <>
      {[...mirrors].map((mirrorId) => {
        const mirror = mirrorId === null ? undefined : state.mirrors[mirrorId];
        if (mirror === undefined) return null;
        const rows = rowsOf(mm, mirror, {
          recorded,
          stale: store.loaded.stale.at(mirrorId ?? 0, moment),
          isChanged: (page) => isChanged(changed, id, mirrorId ?? 0, page),
        });
        if (rows.length === 0) return null;
        return (
          <Table
            key={mirrorId}
            id={mirrorId ?? 0}
            mirror={mirror}
            rows={rows}
            recorded={recorded}
          />
        );
      })}
    </>
  );
}

interface TableProps {
  readonly id: number;
  readonly mirror: Mirror;
  readonly rows: readonly PageRow[];
  readonly recorded: boolean;
}

function Table({ id, mirror, rows, recorded }: TableProps) {
  const store = useStore();
  const stale = rows
    .filter(({ status }) => status === "stale")
    .reduce((sum, { count }) => sum + count, 0);
  return (
    <table>
      <caption>
        page tables, device{id}
        {mirror.lock !== null && (
          <span class="tag">driver lock: {store.taskName(mirror.lock)}</span>
        )}
        {stale > 0 && <span class="tag stale">{stale} stale</span>}
      </caption>
      <thead>
        <tr>
          <th scope="col">address</th>
          <th scope="col">{recorded ? "CPU (not recorded)" : "CPU"}</th>
          <th scope="col">device</th>
        </tr>
      </thead>
      <tbody>
        {rows.slice(0, ROWS_MAX).map((row) => (
          <tr
            key={row.first}
            class={
              [row.status === "stale" ? "stale" : "", row.changed ? "changed" : ""]
                .join(" ")
                .trim() || undefined
            }
          >
            <td>
              <code>{short(addressOfPage(row.first))}</code>
              {row.count > 1 && <span class="faint"> {row.count} pages</span>}
            </td>
            <td>{recorded ? "?" : cpuText(row.cpu)}</td>
            <td>
              {deviceText(row, recorded)}
              {row.status === "stale" && <span class="tag stale">stale</span>}
              {row.status === "open" && <span class="tag">being invalidated</span>}
            </td>
          </tr>
        ))}
        {rows.length > ROWS_MAX && (
          <tr>
            <td colSpan={3}>and {rows.length - ROWS_MAX} more rows</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function cpuText(entry: number): string {
  const kind = kindOf(entry);
  if (kind === undefined) return "–";
  return kind === "writable"
    ? `frame ${frameOfCpu(entry)}`
    : `frame ${frameOfCpu(entry)}, ${kind.replaceAll("_", "-")}`;
}

function deviceText({ device, count }: PageRow, recorded: boolean): string {
  if (device === 0) return "–";
  const frame =
    recorded && count > 1
      ? "mapped"
      : `frame ${recorded ? `0x${frameOf(device).toString(16)}` : frameOf(device)}`;
  return mayWrite(device) ? frame : `${frame}, read only`;
}

function isChanged(
  changed: ReadonlySet<string>,
  mm: number,
  mirror: number,
  page: number,
): boolean {
  const [leaf, slot] = [Math.floor(page / 64), page % 64];
  const own = [`mms[${mm}].cpu.leaves[${leaf}]`, `mirrors[${mirror}].device.leaves[${leaf}]`];
  return own.some((path) => changed.has(`${path}[${slot}]`));
}
