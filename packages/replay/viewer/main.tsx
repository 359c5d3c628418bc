/**
 * The page's beginning: head, then journal, then the moment that the link or the worst finding asks for.
 */
import { render } from "preact";
import { staleOf } from "../src/view/violations.ts";
import { listenToKeys } from "./keys.ts";
import { readHead, readJournal } from "./load/embedded.ts";
import { beginLoad, loadJournal } from "./load/load.ts";
import { byTask } from "./model/by-task.ts";
import { linkOf, readLink } from "./model/link.ts";
import { goTo, showFinding, showLanes, toggleAxis } from "./model/moves.ts";
import { runSearch } from "./model/searching.ts";
import { searchOfSelection } from "./model/selection.ts";
import { Store } from "./model/store.ts";
import { Page } from "./panels/page.tsx";
import { StoreContext } from "./panels/use-shown.ts";

/** Milliseconds for which one must stand still before the address follows. */
const REST_MS = 200;

function start(root: HTMLElement): void {
  const head = readHead();
  const store = new Store(head, beginLoad(head.header, staleOf(head)));
  render(
    <StoreContext.Provider value={store}>
      <Page />
    </StoreContext.Provider>,
    root,
  );
  followTheme(store);
  listenToKeys(store);
  loadJournal(readJournal(), store.loaded, (read) => store.show({ read })).then(
    () => show(store),
    (error: unknown) => {
      store.show({ phase: "failed", failure: `The data cannot be read: ${String(error)}` });
    },
  );
}

/** All events are read: shows the moment that the link names, else the first finding, else all. */
function show(store: Store): void {
  const { recorded } = store.loaded;
  store.spans = recorded.finish(store.violating);
  store.violatingOf = byTask(store.violating, recorded.tasks);
  const link = readLink(location.hash);
  if (link.axis !== null && store.head.header.kind === "recording") {
    store.show({ axis: link.axis });
  }
  store.show({ phase: "ready", read: recorded.length, window: store.axis.whole });
  showLanes(store, link.mode ?? "task");
  const selection = searchOfSelection(store);
  if (link.query !== "") runSearch(store, link.query, link.cursor === null);
  else if (selection !== undefined) store.show({ search: selection });
  if (link.cursor === null && store.violations.length === 0)
    goTo(store, selection?.matches?.[0] ?? -1);
  else if (link.cursor === null) showFinding(store, headlineOf(store));
  else follow(store, link.cursor);
  store.show({ marks: link.marks });
  followAddress(store);
}

/** The place of the violation that `check` shows first. */
function headlineOf({ report, violations }: Store): number {
  const first = report.findings[report.headline ?? 0];
  return Math.max(
    0,
    violations.findIndex(({ finding }) => finding === first),
  );
}

/** Goes to an event of a link: a narrow window around it, and its finding if it has one. */
function follow(store: Store, cursor: number): void {
  const finding = store.violations.findIndex(({ index }) => index === cursor);
  if (finding >= 0) {
    showFinding(store, finding);
    return;
  }
  const { axis } = store;
  store.show({ window: { from: axis.position(cursor - 50), to: axis.position(cursor + 50) } });
  goTo(store, cursor);
}

function followAddress(store: Store): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  store.onChange(() => {
    clearTimeout(timer);
    timer = setTimeout(() => history.replaceState(null, "", linkOf(store.shown)), REST_MS);
  });
  addEventListener("hashchange", () => {
    const { cursor, marks, mode, axis, query } = readLink(location.hash);
    const { shown } = store;
    if (axis !== null && axis !== shown.axis) toggleAxis(store);
    if (mode !== null && mode !== shown.mode) showLanes(store, mode);
    if (query !== shown.search.text) runSearch(store, query, cursor === null);
    if (cursor !== null && cursor !== shown.cursor) follow(store, cursor);
    store.show({ marks });
  });
}

function followTheme(store: Store): void {
  store.onChange(() => {
    document.documentElement.dataset["theme"] = store.shown.theme;
  });
}

const root = document.getElementById("page");
if (root !== null) {
  try {
    start(root);
  } catch (error) {
    root.textContent = error instanceof Error ? error.message : String(error);
  }
}
