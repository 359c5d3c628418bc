export * from "./address.ts";
export type { PageEntry } from "./event/address-space.ts";
export type { DeviceEntry } from "./event/driver.ts";
export * from "./event/event.ts";
export * from "./event/ids.ts";
export { INVALIDATION_EVENTS, type InvalidationEvent } from "./event/invalidation.ts";
export type { PlainOperation, WalkKind } from "./event/notifier-list.ts";
export type { ClockUnit } from "./import/clock.ts";
export {
  createImporter,
  type Emit,
  type Importer,
  TEXT_FORMATS,
  type TextFormat,
} from "./import/importer.ts";
export { createLineSplitter, LINE_LENGTH_MAX } from "./import/lines.ts";
export { excerpt, printable } from "./import/printable.ts";
export { type Edge, probeName } from "./import/probe-name.ts";
export { IMPORT_FORMATS, type ImportFormat, SNIFF_BYTES, sniffFormat } from "./import/sniff.ts";
export * from "./observation/observation.ts";
export * from "./sim-error.ts";
export * from "./vector/vector.ts";
