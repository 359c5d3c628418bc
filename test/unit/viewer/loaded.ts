/** A file as an open page has it: its head, and its events read. */
import { openInput } from "../../../packages/replay/src/input/open.ts";
import { type Collected, collectPage } from "../../../packages/replay/src/view/collect.ts";
import { PAGE_VERSION, type PageHead } from "../../../packages/replay/src/view/page-head.ts";
import { staleOf } from "../../../packages/replay/src/view/violations.ts";
import { beginLoad, loadJournal } from "../../../packages/replay/viewer/load/load.ts";
import { Store } from "../../../packages/replay/viewer/model/store.ts";

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** The store of a page whose events are read. */
export async function storeOf(file: string): Promise<Store> {
  const lines: string[] = [];
  const collected: Collected = await collectPage(file, openInput(file, nothing()), {}, (line) =>
    lines.push(line),
  );
  const head: PageHead = { schemaVersion: PAGE_VERSION, writtenBy: "test", ...collected };
  const loaded = beginLoad(head.header, staleOf(head));
  const text = new ReadableStream<string>({
    start(controller) {
      for (const line of lines) controller.enqueue(line);
      controller.close();
    },
  });
  await loadJournal(text, loaded, () => {});
  return new Store(head, loaded);
}
