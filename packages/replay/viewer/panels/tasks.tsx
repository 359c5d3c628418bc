/**
 * What each task is in the middle of, and who holds which lock.
 */
import type { State } from "@mmreplay/core";
import { useStore } from "./use-shown.ts";

interface Props {
  readonly state: State;
  readonly changed: ReadonlySet<string>;
}

/** The tasks that are in the middle of something, or changed. */
export function Tasks({ state, changed }: Props) {
  const store = useStore();
  const rows = state.tasks.flatMap((_, id) => {
    const doing = doingOf(state, id);
    const isNew = changed.has(`tasks[${id}]`);
    return doing.length === 0 && !isNew ? [] : [{ id, doing, isNew }];
  });
  return (
    <table class="part">
      <caption>tasks and locks</caption>
      <thead>
        <tr>
          <th scope="col">task</th>
          <th scope="col">is in</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ id, doing, isNew }) => (
          <tr key={id} class={isNew ? "changed" : undefined}>
            <td>{store.taskName(id)}</td>
            <td>{doing.join("; ") || "nothing"}</td>
          </tr>
        ))}
        {rows.length === 0 && (
          <tr>
            <td colSpan={2}>No task is in the middle of anything.</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function doingOf(state: State, id: number): string[] {
  const task = state.tasks[id];
  if (task === undefined) return [];
  const doing: string[] = [];
  for (const [number, mirror] of state.mirrors.entries()) {
    if (mirror.lock === id) doing.push(`holds the driver lock of device${number}`);
  }
  for (const [number, mm] of state.mms.entries()) {
    if (mm.mmapLock === id) doing.push(`holds mmap_lock of mm${number}`);
    if (mm.mmapReaders.includes(id as (typeof mm.mmapReaders)[number])) {
      doing.push(`reads under mmap_lock of mm${number}`);
    }
    for (const region of Object.values(mm.regions)) {
      if (region.task === id)
        doing.push(`${region.event} invalidation of mm${number} (${region.phase})`);
    }
  }
  const { section, sleep, fault, walk } = task;
  if (section !== null) {
    const checked = { true: "must retry", false: "checked", null: "not checked" }[
      String(section.checked)
    ];
    doing.push(`read section of notifier${section.notifier}, seq ${section.seq}, ${checked}`);
  }
  if (fault !== null) doing.push(`device fault through notifier${fault.notifier}`);
  if (sleep !== null) doing.push(`sleeps in ${sleep.kind} while invalidate_seq is ${sleep.seq}`);
  if (walk !== null) doing.push(`walks the plain list for ${walk.kind}`);
  if (task.label !== "start" && task.label !== "next") doing.push(`at label ${task.label}`);
  return doing;
}
