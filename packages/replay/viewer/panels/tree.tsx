/**
 * Any value as a tree that opens: a branch with a change in it stands open and is marked, down to the leaf. A leaf
 * asks who changed it last.
 */
import { useState } from "preact/hooks";
import { lastChange } from "../../src/timeline/last-change.ts";
import { goTo } from "../model/moves.ts";
import { useStore } from "./use-shown.ts";

/** Longer branches are shown in part. */
const CHILDREN_MAX = 200;

interface Props {
  readonly value: unknown;
  readonly changed: ReadonlySet<string>;
  readonly path?: string;
  readonly name?: string;
}

/** One value, and all that is in it. */
export function Tree({ value, changed, path = "", name = "state" }: Props) {
  const [opened, setOpened] = useState<boolean | null>(null);
  if (typeof value !== "object" || value === null || Object.keys(value).length === 0) {
    return <Leaf value={value} changed={changed.has(path)} path={path} name={name} />;
  }
  const isNew = changed.has(path);
  const open = opened ?? (path === "" || isNew);
  const entries = Object.entries(value);
  return (
    <div class="branch">
      <button
        type="button"
        class={isNew ? "changed" : undefined}
        aria-expanded={open}
        onClick={() => setOpened(!open)}
      >
        {open ? "▾" : "▸"} {name} <span class="faint">{entries.length}</span>
      </button>
      {open && (
        <div class="children">
          {entries.slice(0, CHILDREN_MAX).map(([key, inner]) => (
            <Tree
              key={key}
              name={key}
              value={inner}
              changed={changed}
              path={pathTo(path, key, Array.isArray(value))}
            />
          ))}
          {entries.length > CHILDREN_MAX && <p>and {entries.length - CHILDREN_MAX} more</p>}
        </div>
      )}
    </div>
  );
}

interface LeafProps {
  readonly value: unknown;
  readonly changed: boolean;
  readonly path: string;
  readonly name: string;
}

function Leaf({ value, changed, path, name }: LeafProps) {
  const store = useStore();
  const ask = (): void => {
    const found = lastChange(store.loaded.timeline, path, store.shown.cursor);
    if (found === undefined) store.show({ notice: `${path} has not changed` });
    else goTo(store, found.index);
  };
  return (
    <div class={changed ? "leaf changed" : "leaf"}>
      {name}: <code>{JSON.stringify(value)}</code>{" "}
      <button type="button" class="link" onClick={ask} aria-label={`Last change of ${path}`}>
        last change
      </button>
    </div>
  );
}

/** The path of a child, as changes name it. */
function pathTo(path: string, key: string, inArray: boolean): string {
  if (inArray || !/^[A-Za-z_]\w*$/.test(key)) return `${path}[${key}]`;
  return path === "" ? key : `${path}.${key}`;
}
