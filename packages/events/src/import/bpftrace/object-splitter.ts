/**
 * The objects of a JSON array, one at a time, in bounded memory: for `bpftrace -f json` whose output
 * was wrapped in `[...]`, on one line or on many.
 *
 * Only braces and strings are looked at. A newline inside a string, which JSON does not allow, ends
 * a damaged object; an object that is too long is delivered once, cut and marked.
 */
import { LINE_LENGTH_MAX, latin1 } from "../lines.ts";

/** Takes one piece of text and the line on which it begins. */
export type OnObject = (text: string, line: number, cut: boolean) => void;

/** Splits chunks into objects; what stands between them and is no comma is delivered, too. */
export interface ObjectSplitter {
  push(chunk: Uint8Array, onObject: OnObject): void;
  end(onObject: OnObject): void;
}

/** The next character that can matter outside a string, and inside one. */
const OUTSIDE = /[{}"\n]/g;
const INSIDE = /["\\\n]/g;
const BETWEEN = /^[\s,[\]]*$/;

/** Where a splitter is. */
interface Session {
  /** What was taken of the piece in the making. */
  text: string;
  line: number;
  begunOn: number;
  depth: number;
  inString: boolean;
  /** The next character is escaped. */
  escaped: boolean;
  /** The piece was too long, and the rest of it is skipped. */
  cut: boolean;
}

/** A splitter that has seen nothing yet. */
export function createObjectSplitter(): ObjectSplitter {
  const session: Session = {
    text: "",
    line: 1,
    begunOn: 1,
    depth: 0,
    inString: false,
    escaped: false,
    cut: false,
  };
  return {
    push(chunk, onObject) {
      const block = latin1(chunk);
      let at = 0;
      while (at < block.length) at = scan(session, block, at, onObject);
    },
    end: (onObject) => deliver(session, onObject),
  };
}

/** Takes the text up to and with the next character that matters; returns the place after it. */
function scan(session: Session, block: string, from: number, onObject: OnObject): number {
  if (session.escaped) {
    session.escaped = false;
    take(session, block.slice(from, from + 1), onObject);
    if (block[from] === "\n") step(session, "\n", onObject);
    return from + 1;
  }
  const pattern = session.inString ? INSIDE : OUTSIDE;
  pattern.lastIndex = from;
  const found = pattern.exec(block);
  if (found === null) {
    take(session, block.slice(from), onObject);
    return block.length;
  }
  const [character] = found;
  take(session, block.slice(from, found.index), onObject);
  if (character === "{" && session.depth === 0) deliver(session, onObject);
  take(session, character, onObject);
  step(session, character, onObject);
  return found.index + 1;
}

function take(session: Session, piece: string, onObject: OnObject): void {
  if (session.cut) return;
  session.text += piece;
  if (session.text.length <= LINE_LENGTH_MAX) return;
  onObject(session.text.slice(0, LINE_LENGTH_MAX), session.begunOn, true);
  session.text = "";
  session.cut = true;
}

/** What a character means that one of the two patterns has found. */
function step(session: Session, character: string, onObject: OnObject): void {
  if (character === "\n") {
    session.line += 1;
    if (session.depth === 0 || session.inString) deliver(session, onObject);
  } else if (session.inString) {
    if (character === '"') session.inString = false;
    else session.escaped = true;
  } else if (character === '"') session.inString = true;
  else if (character === "{") session.depth += 1;
  else {
    session.depth -= 1;
    if (session.depth <= 0) deliver(session, onObject);
  }
}

function deliver(session: Session, onObject: OnObject): void {
  const { text, begunOn, cut, line } = session;
  if (!cut && !BETWEEN.test(text)) onObject(text, begunOn, false);
  Object.assign(session, { text: "", depth: 0, inString: false, cut: false, begunOn: line });
}
