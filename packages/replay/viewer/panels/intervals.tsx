/**
 * The interval tree of an mm in its order, with what waits on the deferred list.
 *
 * A bar shows where a notifier lies among the others. The kernel's tell-tale is its sequence beside the mm's: equal
 * and odd means that an invalidation which hit it is running.
 */
import type { AddressSpace, IntervalNotifier, State, Subscriptions } from "@mmreplay/core";
import { isLearned, isOdd } from "@mmreplay/core";

/** More rows are counted, not shown. */
const ROWS_MAX = 40;

interface Props {
  readonly id: number;
  readonly mm: AddressSpace;
  readonly state: State;
  readonly changed: ReadonlySet<string>;
}

/** The notifiers of an mm. */
export function Intervals({ mm, state, changed }: Props) {
  const { subs } = mm;
  if (subs === null) return null;
  const pending = subs.deferred.filter((id) => !subs.tree.includes(id));
  const ids = [...subs.tree, ...pending];
  if (ids.length === 0) return <p class="faint">The interval tree is empty.</p>;
  const known = ids.map((id) => state.notifiers[id]).filter((one) => one !== undefined);
  const bounded = known.filter((one) => !isEverything(one)).map(spanOf);
  const low = Math.min(...bounded.map(({ from }) => from));
  const high = Math.max(...bounded.map(({ to }) => to));
  return (
    <table>
      <caption>
        interval tree
        {subs.deferred.length > 0 &&
          `, deferred: ${subs.deferred.map((id) => `notifier${id}`).join(" → ")}`}
      </caption>
      <thead>
        <tr>
          <th scope="col">notifier</th>
          <th scope="col">seq</th>
          <th scope="col">interval</th>
          <th scope="col">where</th>
        </tr>
      </thead>
      <tbody>
        {ids.slice(0, ROWS_MAX).map((id) => (
          <Row key={id} id={id} subs={subs} state={state} changed={changed} low={low} high={high} />
        ))}
        {ids.length > ROWS_MAX && (
          <tr>
            <td colSpan={4}>and {ids.length - ROWS_MAX} more</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly id: number;
  readonly subs: Subscriptions;
  readonly state: State;
  readonly changed: ReadonlySet<string>;
  readonly low: number;
  readonly high: number;
}

function Row({ id, subs, state, changed, low, high }: RowProps) {
  const one = state.notifiers[id];
  if (one === undefined) return null;
  return (
    <tr class={changed.has(`notifiers[${id}]`) ? "changed" : undefined}>
      <td>
        {id}
        {one.deferred && <span class="tag">{one.inTree ? "removal waits" : "insert waits"}</span>}
      </td>
      <td>
        {one.seq}
        {one.seq === subs.seq && isOdd(subs.seq) && <span class="tag odd">hit</span>}
      </td>
      <td>
        <code>{isEverything(one) ? "everything" : `${short(one.start)} – ${short(one.last)}`}</code>
      </td>
      <td>
        <Bar notifier={one} low={low} high={high} />
      </td>
    </tr>
  );
}

function isEverything(one: IntervalNotifier): boolean {
  const { from, to } = spanOf(one);
  return isLearned(one) || (from === 0 && to > 2 ** 63);
}

/** Only for a picture: a number is not exact above 2^53. */
function spanOf({ start, last }: IntervalNotifier): { from: number; to: number } {
  return { from: Number(start), to: Number(last) };
}

/** An address without leading zeros. */
export function short(address: string): string {
  return `0x${address.slice(2).replace(/^0+(?=.)/, "")}`;
}

function Bar({
  notifier,
  low,
  high,
}: {
  readonly notifier: IntervalNotifier;
  readonly low: number;
  readonly high: number;
}) {
  const { from, to } = spanOf(notifier);
  const width = Math.max(high - low, 1);
  const all = isEverything(notifier);
  const left = all ? 0 : ((from - low) / width) * 100;
  const size = all ? 100 : Math.max(((to - from) / width) * 100, 3);
  return (
    <span class="bar" aria-hidden="true">
      <span
        style={{
          left: `${Math.min(left, 97)}%`,
          width: `${Math.min(size, 100 - Math.min(left, 97))}%`,
        }}
      />
    </span>
  );
}
