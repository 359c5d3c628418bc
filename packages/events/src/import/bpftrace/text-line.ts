/**
 * A line that a bpftrace script printed with `printf`, as the recorded one of the project does:
 * `22245233670 cpu=1 stress-264 insert sub=0xffff8881000569d8 mm=0x…`.
 *
 * The task's name is at most 15 bytes and may hold anything, so the last place that reads like
 * `-pid probe` within these bytes ends it. bpftrace itself prints around it: how many probes were
 * attached, the time of day, maps at the end, and how many events were lost.
 */
import type { BodyReader } from "../dynamic-probe.ts";
import type { TimedEvent } from "./timed-event.ts";

const EVENT = /^(\d{1,20}) cpu=(\d{1,5}) (.{0,15})-(\d{1,10}) ([A-Za-z_]\w*)(?: |$)/;
const LOST = /^Lost (\d{1,15}) events$/;
const NOTE =
  /^(?:Attach(?:ing|ed) \d+ probes?.*|\d\d:\d\d:\d\d|@\w*(?:\[.*\])?: ?.*|[[(].*[\])] +\d+ \|.*\||)$/;

/** The event that a printed line says; `undefined`: it says none. */
export function readTextLine(
  text: string,
  line: number,
  bodies: BodyReader,
): TimedEvent | undefined {
  const event = EVENT.exec(text);
  if (event === null) return undefined;
  const [whole, time = "", cpu, comm = "", task, name = ""] = event;
  const nameFrom = whole.trimEnd().length - name.length;
  const body = bodies.of(text, nameFrom, nameFrom + name.length, whole.length);
  const { probe, edge, fields, rest } = body;
  return { line, time, task: Number(task), comm, cpu: Number(cpu), probe, edge, fields, rest };
}

/** The number of events that a line reports as lost; `undefined`: it reports none. */
export function lostEvents(text: string): number | undefined {
  const lost = LOST.exec(text);
  return lost === null ? undefined : Number(lost[1]);
}

/**
 * Whether a text that a script printed as a whole tells the user something and no event, in whatever
 * form: an event has numbers. A line of plain text may be a part of one, so this is not for those.
 */
export function isRemark(text: string): boolean {
  return !/\d/.test(text);
}

/** Whether bpftrace says with this line nothing of consequence. */
export function isNote(text: string): boolean {
  return NOTE.test(text);
}
