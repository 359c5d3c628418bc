/**
 * The program of the last user's exit, and of the small calls around an address space.
 *
 * The release comes before anything is unmapped: a region over everything with event RELEASE, then
 * the plain notifiers' release. After it an ordinary UNMAP region follows. Interval notifiers are
 * not removed; their drivers must still do that. Kernel counterparts: exit_mmap (mm/mmap.c),
 * __mmu_notifier_release (mm/mmu_notifier.c).
 */
import { ADDRESS_MAX, ADDRESS_ZERO, type PageEntry, type RegionId } from "@mmreplay/events";
import { openSections } from "../address-space/address-space.ts";
import { type Region, regionOf } from "../address-space/region.ts";
import { afterCall, fromHead } from "../notifier-list/walk.ts";
import { entryOf } from "../state/page-table.ts";
import { changePages, endRegion } from "./end-program.ts";
import { type At, blockedIf, type Labels, type Move, move, skip } from "./machine.ts";
import type { Operation } from "./operation.ts";
import { currentRegion, startRegion } from "./start-program.ts";

type PopulateAt = At<Extract<Operation, { op: "populate" }>>;
type PresetAt = At<Extract<Operation, { op: "preset_seq" }>>;

/** Regions of the exit have ids of their own, above any that a program uses. */
const EXIT_RELEASE = 1_000_000 as RegionId;
const EXIT_UNMAP = 1_000_001 as RegionId;

/** The regions that an exit opens. */
export const EXIT_REGIONS: readonly RegionId[] = [EXIT_RELEASE, EXIT_UNMAP];

const everything = { start: ADDRESS_ZERO, end: ADDRESS_MAX, blockable: true, owner: null };

const listed = (at: At): boolean => at.mm.subs !== null && at.mm.subs.list.length > 0;

function releasePlain(at: At): Move {
  const first = fromHead(at.state, at.mmId, "release");
  return move(at, first === null ? "mn_hlist_release" : "exit_release_cb", {
    type: "srcu_read_lock",
    mm: at.mmId,
    walk: "release",
  });
}

function releaseCallback(at: At): Move {
  const walk = at.me.walk as NonNullable<At["me"]["walk"]>;
  const plain = walk.cursor as NonNullable<typeof walk.cursor>;
  return move(
    at,
    afterCall(at.state, plain, "release") !== null ? "exit_release_cb" : "mn_hlist_release",
    {
      type: "mn_hlist_callback",
      mm: at.mmId,
      plain,
      operation: "release",
      result: 0,
    },
  );
}

function populate(at: PopulateAt): Move {
  if (at.mm.users === 0) return skip(at, "mm_users_zero");
  const entries: PageEntry[] = [];
  let frame = at.mm.nextFrame;
  const end = Math.min(at.op.page + at.op.np, at.scenario.pages);
  for (let page = at.op.page; page < end; page++) {
    if (entryOf(at.mm.cpu, page) === 0) entries.push([page, frame++]);
  }
  return move(at, "next", { type: "handle_mm_fault", mm: at.mmId, entries });
}

/** Labels of the exit (`mm_exit` begins it), of populate and of preset_seq. */
export const EXIT_LABELS: Labels = {
  mm_exit: {
    blockedOn: (at) => blockedIf(at.mm.users > 1, "mm_users"),
    run: (at) =>
      move(at, at.mm.subs?.hasItree ? "exit_release_start" : "exit_mm_release", {
        type: "exit_mmap",
        mm: at.mmId,
      }),
  },
  exit_mm_release: {
    run: (at) =>
      move(at, listed(at) ? "exit_plain" : "exit_unmap_start", {
        type: "mmu_notifier_release",
        mm: at.mmId,
      }),
  },
  exit_release_start: {
    run: (at) => startRegion(at, { region: EXIT_RELEASE, event: "RELEASE", ...everything }),
  },
  exit_release_end: { run: (at) => endRegion(at, currentRegion(at), false) },
  exit_plain: { run: releasePlain },
  exit_release_cb: { run: releaseCallback },
  mn_hlist_release: {
    run: (at) => move(at, "exit_plain_unlock", { type: "mn_hlist_release", mm: at.mmId }),
  },
  exit_plain_unlock: {
    run: (at) => move(at, "exit_synchronize", { type: "srcu_read_unlock", mm: at.mmId }),
  },
  exit_synchronize: {
    run: (at) => move(at, "exit_srcu_wait", { type: "synchronize_srcu", mm: at.mmId }),
  },
  exit_srcu_wait: {
    blockedOn: ({ me }) => blockedIf((me.srcuWait?.length ?? 0) > 0, "srcu"),
    run: (at) => move(at, "exit_unmap_start", { type: "synchronize_srcu_return", mm: at.mmId }),
  },
  exit_unmap_start: {
    run: (at) => startRegion(at, { region: EXIT_UNMAP, event: "UNMAP", ...everything }),
  },
  exit_cpu_change: { run: (at) => changePages(at, exitUnmapRegion(at), "exit_unmap_end") },
  exit_unmap_end: { run: (at) => endRegion(at, exitUnmapRegion(at), false) },
  exit_end: {
    blockedOn: (at) => blockedIf(openSections(at.mm) > 0, "sections"),
    run: (at) => move(at, "next", { type: "exit_mmap_return", mm: at.mmId }),
  },
  populate: { run: (at) => populate(at as PopulateAt) },
  preset_seq: {
    run: (at) =>
      move(at, "next", { type: "preset_seq", mm: at.mmId, seq: (at as PresetAt).op.seq }),
  },
};

function exitUnmapRegion(at: At): Region {
  return regionOf(at.mm, EXIT_UNMAP);
}
