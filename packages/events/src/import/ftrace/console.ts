/**
 * The console log around a trace that `ftrace_dump_on_oops` printed.
 *
 * Each of its lines may have a level and a time of its own: `<0>[   11.407444][  T153] `. Between
 * the dashed lines after "Dumping ftrace buffer:" stands the trace, elsewhere the kernel's other
 * messages, which are notes. Inside the trace, a line that is no event was torn by another
 * message or cut, and is reported as unread.
 * Kernel counterpart: ftrace_dump (kernel/trace/trace.c).
 */

const PREFIX = /^(?:<\d{1,3}>)?\[ *\d{1,10}\.\d{6}\](?:\[ *[TC]\d+\])? /;
const DUMPING = "Dumping ftrace buffer:";
const RULE = /^-{20,}$/;

/** Where in a console log a line stands. */
export interface Console {
  /** Whether the text has shown that it is a console log. */
  seen: boolean;
  /** Between the dashed lines. */
  inside: boolean;
  /** The next dashed line opens a dump. */
  announced: boolean;
}

/** The state before the first line. */
export function createConsole(): Console {
  return { seen: false, inside: false, announced: false };
}

/** The line without the console's own prefix. */
export function withoutPrefix(line: string): string {
  const match = PREFIX.exec(line);
  return match === null ? line : line.slice(match[0].length);
}

/**
 * Notes what a line that is no event says of the place, and returns whether the line belongs to the
 * console: all that is outside of a dump, and the dashed lines around it.
 */
export function isConsoleLine(console: Console, line: string, text: string): boolean {
  if (text !== line) console.seen = true;
  const rule = RULE.test(text);
  if (text === DUMPING) {
    console.seen = true;
    console.announced = true;
  } else if (rule) {
    console.inside = console.announced;
    console.announced = false;
  }
  return console.seen && (rule || !console.inside);
}
