/**
 * The keys: those that users of Perfetto, KernelShark and rr have in their fingers.
 */
import { stepInNotifier, stepInTask, stepOnPage } from "./model/along.ts";
import {
  focus,
  followArrow,
  goTo,
  mark,
  panBy,
  showLanes,
  stepFinding,
  toggleAxis,
  zoomBy,
} from "./model/moves.ts";
import { scrollLanes } from "./model/scroll.ts";
import { stepMatch } from "./model/searching.ts";
import type { Store } from "./model/store.ts";
import { copyTable } from "./panels/why.tsx";

/** About one lane. */
const SCROLL_PIXELS = 48;

/** A key, or several that do the like. */
export interface Key {
  /** As the help writes them. */
  readonly shown: string;
  readonly does: string;
  readonly keys: Readonly<Record<string, (store: Store) => void>>;
}

/** All keys, in the order of the help. */
export const KEYS: readonly Key[] = [
  {
    shown: "n  N",
    does: "next, previous violation",
    keys: { n: (store) => stepFinding(store, 1), N: (store) => stepFinding(store, -1) },
  },
  {
    shown: ".  ,   ↓  ↑",
    does: "next, previous event",
    keys: {
      ".": (store) => goTo(store, store.shown.cursor + 1),
      ",": (store) => goTo(store, store.shown.cursor - 1),
      ArrowDown: (store) => goTo(store, store.shown.cursor + 1),
      ArrowUp: (store) => goTo(store, store.shown.cursor - 1),
    },
  },
  {
    shown: "→  ←",
    does: "next, previous event of the same task",
    keys: {
      ArrowRight: (store) => stepInTask(store, 1),
      ArrowLeft: (store) => stepInTask(store, -1),
    },
  },
  {
    shown: ">  <   p  P",
    does: "next, previous event of the same notifier; of the same page",
    keys: {
      ">": (store) => stepInNotifier(store, 1),
      "<": (store) => stepInNotifier(store, -1),
      p: (store) => void stepOnPage(store, 1),
      P: (store) => void stepOnPage(store, -1),
    },
  },
  {
    shown: "PgDn  PgUp  Home  End",
    does: "twenty events on or back, first, last event",
    keys: {
      PageDown: (store) => goTo(store, store.shown.cursor + 20),
      PageUp: (store) => goTo(store, Math.max(0, store.shown.cursor - 20)),
      Home: (store) => goTo(store, 0),
      End: (store) => goTo(store, store.loaded.recorded.length - 1),
    },
  },
  {
    shown: "w  s",
    does: "zoom in, out",
    keys: { w: (store) => zoomBy(store, 0.8), s: (store) => zoomBy(store, 1.25) },
  },
  {
    shown: "a  d",
    does: "move left, right",
    keys: { a: (store) => panBy(store, -0.1), d: (store) => panBy(store, 0.1) },
  },
  {
    shown: "j  k",
    does: "scroll the lanes down, up",
    keys: {
      j: (store) => scrollLanes(store, SCROLL_PIXELS),
      k: (store) => scrollLanes(store, -SCROLL_PIXELS),
    },
  },
  {
    shown: "f  o",
    does: "focus on what encloses the event; show the whole file",
    keys: { f: focus, o: (store) => store.show({ window: store.axis.whole }) },
  },
  {
    shown: "]  [",
    does: "follow an arrow from an invalidation to the retry, or back",
    keys: { "]": (store) => followArrow(store, 1), "[": (store) => followArrow(store, -1) },
  },
  {
    shown: "m  M",
    does: "set mark A, then B; remove both",
    keys: { m: mark, M: (store) => store.show({ marks: { a: null, b: null } }) },
  },
  {
    shown: "/",
    does: "search; Enter and Shift-Enter, or g and G, go through what is found",
    keys: {
      "/": () => document.getElementById("search")?.focus(),
      g: (store) => stepMatch(store, 1),
      G: (store) => stepMatch(store, -1),
    },
  },
  {
    shown: "1  2  3   t",
    does: "lanes by task, CPU, notifier; time or event axis",
    keys: {
      1: (store) => showLanes(store, "task"),
      2: (store) => showLanes(store, "cpu"),
      3: (store) => showLanes(store, "notifier"),
      t: toggleAxis,
    },
  },
  { shown: "y", does: "copy the two-column table of the event", keys: { y: copyTable } },
  { shown: "?", does: "this help", keys: { "?": (store) => store.show({ help: true }) } },
];

/** Elements that take letters, or the arrow keys, themselves. */
const OWN = "input, select, textarea, dialog";

/** Listens to the keys of the page; answers how to stop. */
export function listenToKeys(store: Store): () => void {
  const acts = new Map(KEYS.flatMap(({ keys }) => Object.entries(keys)));
  const listen = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest(OWN) != null) return;
    if (target?.getAttribute("role") === "tab" && /^Arrow(Left|Right)$/.test(event.key)) return;
    const act = acts.get(event.key);
    if (act === undefined || store.shown.phase !== "ready") return;
    event.preventDefault();
    act(store);
  };
  addEventListener("keydown", listen);
  return () => removeEventListener("keydown", listen);
}
