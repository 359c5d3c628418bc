/**
 * The CPU's page table beside the device's, by address: what the device has and the CPU has not is stale.
 *
 * In a run both are known. A recording does not show the CPU's entries, so there a page is stale where a rule was
 * violated by mapping it, as long as it stays mapped.
 */
import {
  type AddressSpace,
  agrees,
  entryOf,
  frameOf,
  frameOfCpu,
  kindOf,
  type Mirror,
  mayWrite,
  type State,
  someEntry,
} from "@mmreplay/core";
import { addressOfPage, pageOf } from "@mmreplay/events";
import type { Store } from "../model/store.ts";
import { short } from "./intervals.tsx";
import { useStore } from "./use-shown.ts";

/** More rows are counted, not shown. */
const ROWS_MAX = 64;
const PAGES_END = 2 ** 52;

interface Props {
  readonly id: number;
  readonly mm: AddressSpace;
  readonly state: State;
  readonly changed: ReadonlySet<string>;
}

/** One row: a page, or several that follow each other and look alike. */
interface Row {
  readonly first: number;
  count: number;
  readonly cpu: number;
  readonly device: number;
  readonly status: "same" | "stale" | "open" | "cpu only" | "unknown";
  changed: boolean;
}

/** The page tables of an mm's devices. */
export function PageTables({ id, mm, state, changed }: Props) {
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
        const rows = rowsOf(mm, mirror, staleOf(store), {
          recorded,
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
  readonly rows: readonly Row[];
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

function deviceText({ device, count }: Row, recorded: boolean): string {
  if (device === 0) return "–";
  const frame =
    recorded && count > 1
      ? "mapped"
      : `frame ${recorded ? `0x${frameOf(device).toString(16)}` : frameOf(device)}`;
  return mayWrite(device) ? frame : `${frame}, read only`;
}

/** Pages that a rule says are stale when they are mapped at the cursor. */
function staleOf(store: Store): ReadonlySet<number> {
  const { cursor } = store.shown;
  const pages = store.findings.flatMap(({ index, address, rule }) =>
    index <= cursor && address !== null && rule === "K-I14" ? [pageOf(address)] : [],
  );
  return new Set(pages);
}

interface How {
  readonly recorded: boolean;
  readonly isChanged: (page: number) => boolean;
}

function rowsOf(mm: AddressSpace, mirror: Mirror, stale: ReadonlySet<number>, how: How): Row[] {
  const pages = new Set<number>();
  const add = (page: number): boolean => {
    pages.add(page);
    return false;
  };
  someEntry(mirror.device, 0, PAGES_END, add);
  someEntry(mm.cpu, 0, PAGES_END, add);
  const open = Object.values(mm.regions).map(
    ({ start, last }) => [pageOf(start), pageOf(last)] as const,
  );
  const rows: Row[] = [];
  for (const page of [...pages].sort((a, b) => a - b)) {
    const cpu = entryOf(mm.cpu, page);
    const device = entryOf(mirror.device, page);
    const invalidated = open.some(([first, last]) => first <= page && page <= last);
    const proven = stale.has(page) && device !== 0;
    const known = how.recorded ? "unknown" : statusOf(cpu, device, invalidated);
    const status = proven ? "stale" : known;
    const changed = how.isChanged(page);
    const row = rows.at(-1);
    const alike =
      row !== undefined &&
      row.first + row.count === page &&
      row.status === status &&
      row.changed === changed &&
      (how.recorded
        ? mayWrite(row.device) === mayWrite(device) && row.device !== 0
        : row.cpu === cpu && row.device === device);
    if (alike) row.count += 1;
    else rows.push({ first: page, count: 1, cpu, device, status, changed });
  }
  return rows;
}

function statusOf(cpu: number, device: number, invalidated: boolean): Row["status"] {
  if (device === 0) return "cpu only";
  if (invalidated) return "open";
  return agrees(device, cpu) ? "same" : "stale";
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
