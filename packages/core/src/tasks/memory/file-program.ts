/**
 * The programs of read(2) and write(2) on a file: they reach its pages in memory, and no page table.
 *
 * A page that is not in memory comes in first; nobody is notified, because no entry changes.
 */
import type { Access } from "@mmreplay/events";
import { cachedFrame, type FilePage } from "../../memory/file.ts";
import { nextFrame } from "../../memory/frame.ts";
import { type At, call, type Labels, local, type Move, move } from "../machine.ts";
import type { Operation } from "../operation.ts";

type FileAt = At<Extract<Operation, { op: "file_read" | "file_write" }>>;

/** The first page that is not in memory; undefined: all are. */
function missing({ state, op }: FileAt): FilePage | undefined {
  for (let filePage = op.page; filePage < op.page + op.np; filePage += 1) {
    if (cachedFrame(state, { file: op.file, filePage }) === 0) return { file: op.file, filePage };
  }
  return undefined;
}

/** A page for the file, or the access when all are there. */
function begin(at: FileAt): Move {
  if (missing(at) === undefined) return access(at);
  const frame = nextFrame(at.state);
  return call(move(at, "file_add", { type: "alloc_page", frame, copyOf: null }), at.op.op, {
    frame,
  });
}

function add(at: FileAt): Move {
  const frame = local(at, "frame");
  const page = missing(at);
  if (page === undefined) return move(at, "next", { type: "put_page", frame });
  return move(at, "file_put", { type: "filemap_add_folio", ...page, frame });
}

function access(at: FileAt): Move {
  const { op, file, page, np, value = 0 } = at.op;
  const entries = Array.from({ length: np }, (_, index): Access => {
    const frame = cachedFrame(at.state, { file, filePage: page + index });
    const content = at.state.frames[frame]?.content ?? 0;
    return [page + index, frame, op === "file_write" ? value + index : content];
  });
  const type = op === "file_write" ? "generic_perform_write" : "filemap_read";
  return move(at, "next", { type, file, entries });
}

/** Labels of the file's own accesses. */
export const FILE_LABELS: Labels = {
  file_read: { run: (at) => begin(at as FileAt) },
  file_write: { run: (at) => begin(at as FileAt) },
  file_add: { run: (at) => add(at as FileAt) },
  file_put: { run: (at) => move(at, "next", { type: "put_page", frame: local(at, "frame") }) },
};
