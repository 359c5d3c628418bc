/**
 * Up to which time each CPU has been heard of.
 *
 * The slowest CPU decides what may be passed on. It is looked for again only when it has moved, so
 * a recording of many CPUs costs no more than one of few.
 */

/** What is known of a CPU. */
export interface Cpu {
  readonly number: number;
  /** Time of its latest event. */
  time: number;
  /** A loss was reported since its latest event, so events may be missing before its next one. */
  torn: boolean;
}

/** The CPUs of a recording. */
export interface Cpus {
  all(): Iterable<Cpu>;
  /** An event of a CPU was read; `torn` is what a CPU that is new begins with. */
  heard(number: number, time: number, torn: boolean): Cpu;
  /** The time up to which every CPU has been heard of. */
  heardOfAll(): number;
}

/** No CPU was heard of yet. */
export function createCpus(): Cpus {
  const cpus = new Map<number, Cpu>();
  let slowest: Cpu | undefined;
  return {
    all: () => cpus.values(),
    heard(number, time, torn) {
      const known = cpus.get(number);
      if (known !== undefined) {
        if (known === slowest && time > known.time) slowest = undefined;
        known.time = Math.max(known.time, time);
        return known;
      }
      const cpu: Cpu = { number, time, torn };
      cpus.set(number, cpu);
      slowest = undefined;
      return cpu;
    },
    heardOfAll() {
      if (slowest === undefined) {
        for (const cpu of cpus.values()) {
          if (slowest === undefined || cpu.time < slowest.time) slowest = cpu;
        }
      }
      return slowest?.time ?? Number.NEGATIVE_INFINITY;
    },
  };
}
