/**
 * The event: one immutable fact, one union of all types.
 *
 * The schemas of the families are the only definition. TypeScript types, the decoder and the
 * published JSON Schema come from them.
 */
import { z } from "zod";
import * as addressSpace from "./address-space.ts";
import * as driver from "./driver.ts";
import * as hmm from "./hmm.ts";
import * as intervalNotifier from "./interval-notifier.ts";
import * as invalidation from "./invalidation.ts";
import * as memory from "./memory.ts";
import * as migration from "./migration.ts";
import * as notifierList from "./notifier-list.ts";
import * as readSection from "./read-section.ts";
import * as recording from "./recording.ts";
import * as task from "./task.ts";

/** The schema of every event, by its `type`. */
export const eventUnionSchema = z.discriminatedUnion("type", [
  task.taskStart,
  task.taskSkip,
  addressSpace.mmCreate,
  addressSpace.mmget,
  addressSpace.mmput,
  addressSpace.mmdrop,
  addressSpace.mmapLock,
  addressSpace.mmapUnlock,
  addressSpace.cpuPteChange,
  addressSpace.handleMmFault,
  addressSpace.exitMmap,
  addressSpace.release,
  addressSpace.exitMmapReturn,
  addressSpace.subscriptionsDestroy,
  intervalNotifier.insertBegin,
  intervalNotifier.insert,
  intervalNotifier.remove,
  intervalNotifier.removeWake,
  intervalNotifier.removeReturn,
  intervalNotifier.deferredListApply,
  intervalNotifier.wakeUpAll,
  intervalNotifier.presetSeq,
  invalidation.rangeStart,
  invalidation.rangeStartReturn,
  invalidation.rangeEnd,
  invalidation.itreeInvEnd,
  invalidation.rangeEndReturn,
  invalidation.unpairedRangeEnd,
  invalidation.invalidate,
  invalidation.invalidateReturn,
  readSection.readBegin,
  readSection.readBeginWake,
  readSection.readSeqUnguarded,
  readSection.readRetry,
  readSection.checkRetry,
  readSection.setSeq,
  driver.driverLock,
  driver.driverTrylockFail,
  driver.driverUnlock,
  driver.driverSet,
  driver.deviceMapBegin,
  driver.deviceMap,
  driver.deviceUnmap,
  driver.deviceFault,
  driver.deviceFaultReturn,
  driver.driverRemoveBegin,
  hmm.rangeFault,
  hmm.handlePte,
  hmm.rangeFaultReturn,
  memory.mmap,
  memory.munmap,
  memory.mprotect,
  memory.mremap,
  memory.madviseHuge,
  memory.movePageTables,
  memory.flushTlb,
  memory.madviseFree,
  memory.splitHugePmd,
  memory.filemapLock,
  memory.filemapUnlock,
  memory.filemapAdd,
  memory.filemapRemove,
  memory.dupMmap,
  memory.copyPageRange,
  memory.dupMmapReturn,
  memory.retFromFork,
  memory.waitChild,
  memory.allocPage,
  memory.copyPages,
  memory.getPage,
  memory.putPage,
  memory.lockPage,
  memory.unlockPage,
  memory.migrationWait,
  memory.cpuAccess,
  memory.pageFault,
  memory.badArea,
  memory.cpuRead,
  memory.cpuWrite,
  memory.fileRead,
  memory.fileWrite,
  memory.hmmVmaFault,
  memory.deviceRead,
  memory.deviceWrite,
  memory.dmirrorIoctl,
  memory.dmirrorSnapshot,
  memory.dmirrorIoctlReturn,
  migration.migrateSetup,
  migration.migrateSetupReturn,
  migration.migrateCollect,
  migration.migrateDeviceRange,
  migration.migrateUnmap,
  migration.migrateInsertPage,
  migration.migrateToRam,
  migration.getUserPages,
  migration.faultinPage,
  migration.gupTest,
  migration.gupFast,
  migration.migrateCoherent,
  migration.gupReturn,
  migration.fopsReleaseReturn,
  migration.migrateCopy,
  migration.migratePages,
  migration.migratePagesReturn,
  migration.migrateFinalize,
  migration.migrateFinalizeReturn,
  migration.makeDeviceExclusive,
  migration.makeDeviceExclusiveReturn,
  notifierList.registerBegin,
  notifierList.register,
  notifierList.allocNotifier,
  notifierList.get,
  notifierList.put,
  notifierList.unregister,
  notifierList.unregisterUnlink,
  notifierList.unregisterReturn,
  notifierList.freeNotifier,
  notifierList.srcuReadLock,
  notifierList.srcuReadUnlock,
  notifierList.synchronizeSrcu,
  notifierList.synchronizeSrcuReturn,
  notifierList.hlistRangeStart,
  notifierList.hlistRangeEnd,
  notifierList.hlistCallback,
  notifierList.hlistRelease,
  notifierList.plainCall,
  notifierList.plainCallReturn,
  recording.recordingStart,
  recording.intern,
  recording.lostEvents,
  recording.bufferStarted,
  recording.learnMm,
  recording.learnNotifier,
  recording.learnNotifierGone,
  recording.learnMirror,
  recording.probe,
  recording.recordingEnd,
]);

/** One immutable fact about an mm. */
export type MmEvent = Readonly<z.infer<typeof eventUnionSchema>>;

/** The name of an event type, in the kernel's spelling. */
export type EventType = MmEvent["type"];

/** The event of one type. */
export type EventOf<T extends EventType> = Extract<MmEvent, { type: T }>;

/** An event before the journal gives it its `index`. */
export type EventBody<T extends EventType = EventType> = T extends EventType
  ? Omit<EventOf<T>, "index">
  : never;

/** All event types, in the order of the schema. */
export const EVENT_TYPES: readonly EventType[] = eventUnionSchema.options.map(
  (option) => option.shape.type.value,
);
