/**
 * Small recordings, written as a driver would have been recorded: a call a line, with what a reader
 * of the test wants to vary.
 *
 * Tasks have names like `app-101`; driver instance k has its notifier and page table at the offsets
 * of the test_hmm profile. Lines are in ftrace's default layout, 10 us apart.
 */

/** A range of two pages that most tests fault and invalidate. */
export const RANGE = { start: "0x200000000", end: "0x200002000" } as const;

interface Call {
  readonly mm?: string;
  readonly start?: string;
  readonly end?: string;
  readonly event?: number;
  readonly flags?: string;
  /** Stack address of the mmu_notifier_range. */
  readonly range?: string;
  /** The printed count of open invalidations. */
  readonly active?: number;
}

interface Callback extends Call {
  readonly result?: 0 | 1;
  readonly setSeq?: boolean;
  readonly zap?: boolean;
  readonly lock?: boolean;
}

const MM = "0xffff888100940440";
const at = (instance: number, offset: number): string =>
  `0x${(0xffff888102000000n + BigInt(instance * 0x1000 + offset)).toString(16)}`;
const sub = (k: number): string => at(k, 0x18);

/** A recording in the making. */
export class WrittenTrace {
  readonly #lines: string[] = [];

  /** Any line. */
  line(task: string, probe: string, args = "", returned = false): this {
    const [comm = "", pid = "1"] = task.split("-");
    const time = (1 + (this.#lines.length + 1) / 100_000).toFixed(6);
    const place = returned ? "(f+0x1/0x10 <- g)" : "(f+0x0/0x10)";
    const cpu = String(Number(pid) % 4).padStart(3, "0");
    this.#lines.push(
      `${comm.padStart(16)}-${pid.padEnd(7)} [${cpu}] .....     ${time}: ${probe}: ${place} ${args}`.trimEnd(),
    );
    return this;
  }

  returns(task: string, probe: string, args = ""): this {
    return this.line(task, `${probe}_ret`, args, true);
  }

  insert(
    task: string,
    k = 0,
    options: { mm?: string; register?: boolean; returns?: boolean } = {},
  ): this {
    const { mm = MM, register = false, returns = true } = options;
    this.line(task, "insert", `sub=${sub(k)} mm=${mm} start=0x0 length=0xfffffffffffff000 ops=0x1`);
    if (register) this.line(task, "register", `subscription=0x0 mm=${mm}`);
    return returns ? this.returns(task, "insert", "ret=0") : this;
  }

  remove(task: string, k = 0, mm = MM): this {
    this.line(task, "remove", `sub=${sub(k)} mm=${mm} start=0x0 last=0xffffffffffffefff`);
    return this.returns(task, "remove");
  }

  start(task: string, subsSeq: number | bigint, call: Call = {}): this {
    return this.line(
      task,
      "inv_start",
      `${rangeArgs(call)} subs_seq=${subsSeq} active=${call.active ?? 0}`,
    );
  }

  callback(
    task: string,
    k: number,
    cur: number | bigint,
    own: number | bigint,
    call: Callback = {},
  ): this {
    const { result = 1, setSeq = result === 1, zap = result === 1, lock = result === 1 } = call;
    const { start = RANGE.start, end = RANGE.end } = call;
    const dmirror = `dmirror=${at(k, 0)}`;
    this.line(task, "invalidate", `sub=${sub(k)} ${rangeArgs(call)} cur_seq=${cur} sub_seq=${own}`);
    if (lock) this.line(task, "locked", dmirror);
    if (setSeq) this.line(task, "set_seq", `sub=${sub(k)} cur_seq=${cur} old_seq=${own}`);
    if (zap) {
      this.line(task, "do_update", `${dmirror} start=${start} end=${end}`);
      this.returns(task, "do_update");
    }
    if (lock) this.line(task, "unlocking", dmirror);
    return this.returns(task, "invalidate", `ret=${result}`);
  }

  end(task: string, subsSeq: number | bigint, call: Call = {}): this {
    this.line(task, "inv_end", `${rangeArgs(call)} subs_seq=${subsSeq} active=${call.active ?? 1}`);
    return this.returns(task, "inv_end");
  }

  /** A whole invalidation with the callback of instance k. */
  invalidation(task: string, k: number, seq: number, own: number, call: Callback = {}): this {
    this.start(task, seq, call).callback(task, k, seq + 1, own, call);
    return this.returns(task, "inv_start", "ret=0").end(task, seq + 1, call);
  }

  readBegin(
    task: string,
    k: number,
    seq: number | bigint,
    subsSeq: number | bigint,
    mm = MM,
  ): this {
    this.line(task, "read_begin", `sub=${sub(k)} mm=${mm} sub_seq=${seq} subs_seq=${subsSeq}`);
    return this.returns(task, "read_begin", `seq=${seq}`);
  }

  walk(task: string, k: number, seq: number | bigint, rc = 0): this {
    const args = `sub=${sub(k)} seq=${seq} start=${RANGE.start} end=${RANGE.end} owner=0x0`;
    this.line(task, "hmm_range_fault", `range=0xffffc90000200000 ${args}`);
    return this.returns(task, "hmm_range_fault", `ret=${rc}`);
  }

  lock(task: string, k = 0): this {
    return this.line(task, "locked", `dmirror=${at(k, 0)}`);
  }

  unlock(task: string, k = 0): this {
    return this.line(task, "unlocking", `dmirror=${at(k, 0)}`);
  }

  retry(task: string, k: number, seq: number | bigint, own: number | bigint): this {
    this.line(task, "read_retry", `sub=${sub(k)} seq=${seq} sub_seq=${own}`);
    return this.returns(task, "read_retry", `ret=${seq === own ? 0 : 1}`);
  }

  entry(task: string, k: number, page = "0x200000"): this {
    return this.line(task, "pte_store", `pt=${at(k, 8)} pfn=${page} entry=0xffffea00000a0500`);
  }

  store(task: string, k: number, seq: number | bigint, own: number | bigint = seq): this {
    const args = `sub=${sub(k)} seq=${seq} sub_seq=${own} start=${RANGE.start} end=${RANGE.end}`;
    this.line(task, "do_fault", `dmirror=${at(k, 0)} range=0xffffc90000200000 ${args}`);
    return this.entry(task, k).returns(task, "do_fault", "ret=0");
  }

  /** A whole device fault of a correct driver. */
  fault(task: string, k: number, seq: number | bigint, subsSeq: number | bigint, mm = MM): this {
    this.readBegin(task, k, seq, subsSeq, mm).walk(task, k, seq).lock(task, k);
    return this.retry(task, k, seq, seq).store(task, k, seq).unlock(task, k);
  }

  /** A line as it stands in the file. */
  raw(line: string): this {
    this.#lines.push(line);
    return this;
  }

  /** The text; with a head, it counts the events. */
  text(keep: (line: string) => boolean = () => true, head = true): Buffer {
    const lines = this.#lines.filter(keep);
    if (!head) return Buffer.from([...lines, ""].join("\n"), "latin1");
    const count = `# entries-in-buffer/entries-written: ${lines.length}/${lines.length}   #P:4`;
    return Buffer.from(["# tracer: nop", "#", count, "#", ...lines, ""].join("\n"), "latin1");
  }
}

function rangeArgs(call: Call): string {
  const { mm = MM, start = RANGE.start, end = RANGE.end, event = 1, flags = "0x1" } = call;
  const { range = "0xffffc9000031bd78" } = call;
  return `range=${range} mm=${mm} start=${start} end=${end} flags=${flags} event=${event} owner=0x0`;
}

/** One process, one device: an insertion, a fault, an invalidation; sequence 4, notifier 3. */
export function begun(): WrittenTrace {
  return new WrittenTrace()
    .insert("app-100", 0, { register: true })
    .fault("app-101", 0, 1, 2)
    .invalidation("app-102", 0, 2, 1);
}
