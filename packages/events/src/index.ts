export * from "./address.ts";
export { CANONICAL_DEPTH_MAX, canonical } from "./canonical/canonical.ts";
export { createHash, type Hash, hash64, stateHash } from "./canonical/hash.ts";
export type { PageEntry } from "./event/address-space.ts";
export type { DeviceEntry } from "./event/driver.ts";
export type { Locals } from "./event/envelope.ts";
export * from "./event/event.ts";
export * from "./event/ids.ts";
export { INVALIDATION_EVENTS, type InvalidationEvent } from "./event/invalidation.ts";
export {
  type Access,
  type DmirrorCommand,
  MAPPING_KINDS,
  type MappingKind,
  PROTECTIONS,
  type Protection,
} from "./event/memory.ts";
export type { GupKind, MigratingPage } from "./event/migration.ts";
export type { PlainOperation, WalkKind } from "./event/notifier-list.ts";
export { recordVersion } from "./import/bpftrace/record-version.ts";
export {
  RECORD_HEAD,
  RECORD_SCHEMA,
  RECORDS,
  type RecordField,
  type RecordForm,
} from "./import/bpftrace/records.ts";
export type { ClockUnit } from "./import/clock.ts";
export {
  createImporter,
  type Emit,
  type Importer,
  TEXT_FORMATS,
  type TextFormat,
} from "./import/importer.ts";
export { createLineSplitter, LINE_LENGTH_MAX, type TextOf } from "./import/lines.ts";
export { excerpt, printable } from "./import/printable.ts";
export { type Edge, probeName } from "./import/probe-name.ts";
export { IMPORT_FORMATS, type ImportFormat, SNIFF_BYTES, sniffFormat } from "./import/sniff.ts";
export { decodeEvent, decodeHeader, lineOfEvent } from "./journal/decode.ts";
export { encodeEvent, encodeHeader } from "./journal/encode.ts";
export {
  JOURNAL_VERSION,
  type JournalHeader,
  journalHeaderSchema,
  KERNEL_MODELS,
  type KernelModel,
} from "./journal/header.ts";
export {
  type ChunkPlace,
  createJournalReader,
  type JournalLine,
  type JournalReader,
  type JournalSink,
} from "./journal/reader.ts";
export * from "./observation/observation.ts";
export { decodeProfile } from "./profile/decode.ts";
export { type MirrorOffsets, type Profile, profileSchema } from "./profile/profile.ts";
export {
  builtInProfile,
  PROFILE_NAMES,
  type ResolvedProbe,
  type ResolvedProfile,
  resolveProfile,
} from "./profile/resolve.ts";
export { ROLE_FIELDS, ROLES, type Role } from "./profile/role.ts";
export { decodeScenario } from "./scenario/decode.ts";
export { type FilePlace, placesOfFile } from "./scenario/file-place.ts";
export type { JsonPath } from "./scenario/json-places.ts";
export {
  SCENARIO_FILE_VERSION,
  type ScenarioFile,
  type ScenarioFileOperation,
} from "./scenario/scenario-file.ts";
export * from "./sim-error.ts";
export * from "./vector/vector.ts";
export { didYouMean, nearMatches } from "./vocabulary/near-match.ts";
export { type PublishedSchema, publishedSchemas } from "./vocabulary/published-schema.ts";
export {
  OWN_EVENTS,
  type OwnEvent,
  VOCABULARY,
  type VocabularyRow,
} from "./vocabulary/vocabulary.ts";
