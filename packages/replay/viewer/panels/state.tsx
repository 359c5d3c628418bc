/**
 * The state just after the event at the cursor: of each address space its sequence, invalidations, notifiers and
 * page tables; then locks, tasks, and all of it as a tree. What the event changed is marked.
 */
import type { AddressSpace, State } from "@mmreplay/core";
import { isOdd } from "@mmreplay/core";
import { useState } from "preact/hooks";
import { Intervals, short } from "./intervals.tsx";
import { PageTables } from "./page-tables.tsx";
import { Tasks } from "./tasks.tsx";
import { Tree } from "./tree.tsx";
import type { Looked } from "./use-moment.ts";
import { useStore } from "./use-shown.ts";

/** The state panel. */
export function StatePanel({ looked }: { readonly looked: Looked | undefined }) {
  const [whole, setWhole] = useState(false);
  if (looked === undefined)
    return <p class="empty">The state is there when all events are read.</p>;
  const { state, changed } = looked;
  const mms = state.mms.map((mm, id) => ({ mm, id }));
  const used = mms.filter(({ mm }) => mm.subs !== null || Object.keys(mm.cpu.leaves).length > 0);
  return (
    <div class="state">
      {used.map(({ mm, id }) => (
        <Mm key={id} id={id} mm={mm} state={state} moment={looked.index} changed={changed} />
      ))}
      {used.length === 0 && <p class="empty">No address space has notifiers yet.</p>}
      <Tasks state={state} changed={changed} />
      <details class="part" onToggle={(event) => setWhole(event.currentTarget.open)}>
        <summary>All of the state, as a tree</summary>
        {whole && <Tree value={state} changed={changed} />}
      </details>
    </div>
  );
}

interface MmProps {
  readonly id: number;
  readonly mm: AddressSpace;
  readonly state: State;
  /** The event after which the state is this one. */
  readonly moment: number;
  readonly changed: ReadonlySet<string>;
}

function Mm({ id, mm, state, moment, changed }: MmProps) {
  const store = useStore();
  const path = `mms[${id}]`;
  const { subs } = mm;
  const regions = Object.values(mm.regions);
  const odd = subs !== null && isOdd(subs.seq);
  return (
    <section class="part">
      <h3>
        mm{id}
        {mm.dead && <span class="tag">exited</span>}
        {mm.mmapLock !== null && <span class="tag">mmap_lock: {store.taskName(mm.mmapLock)}</span>}
      </h3>
      {subs !== null && (
        <p class={changed.has(`${path}.subs.seq`) ? "changed" : undefined}>
          <code>invalidate_seq</code> <b class="seq">{subs.seq}</b>{" "}
          <span class={odd ? "tag odd" : "tag even"}>
            {odd ? "odd: invalidating" : "even: at rest"}
          </span>{" "}
          <span class={changed.has(`${path}.subs.active`) ? "changed" : undefined}>
            {subs.active} active
          </span>
        </p>
      )}
      {regions.length > 0 && (
        <ul class="regions">
          {regions.map((region) => (
            <li
              key={region.id}
              class={changed.has(`${path}.regions[${region.id}]`) ? "changed" : undefined}
            >
              <span class="swatch invalidation" /> {region.event} by {store.taskName(region.task)}{" "}
              <code>
                {short(region.start)}–{short(region.last)}
              </code>{" "}
              {region.phase}
              {region.seq === null ? "" : `, cur_seq ${region.seq}`}
            </li>
          ))}
        </ul>
      )}
      <Intervals id={id} mm={mm} state={state} changed={changed} />
      <PageTables id={id} mm={mm} state={state} moment={moment} changed={changed} />
    </section>
  );
}
