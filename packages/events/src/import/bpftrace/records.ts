/**
 * The records of our bpftrace recorder: one table for who writes them and who reads them.
 *
 * A record is a tuple, `(schema, name, head..., fields...)`: numbers and a task name, which bpftrace
 * escapes; it carries no field names, so both sides must have the same table. The names are those of
 * the roles (profile/role.ts): the return of `X` is `X_ret`. A return repeats the pointer that its
 * entry had, so that a lost line cannot pair two different calls. When a field is added, moved or
 * removed, `RECORD_SCHEMA` counts up.
 */

/** The version of the table; every record begins with it. */
export const RECORD_SCHEMA = 1;

/** What follows the record's name: when, where and by whom. `pid` is the process, `tid` the thread. */
export const RECORD_HEAD = ["nsecs", "cpu", "pid", "tid", "comm"] as const;

/** How a field's number is shown: a pointer, an address or bits as `0x…`, or in decimal. */
export type RecordForm = "hex" | "decimal";

/** A field of a record. */
export interface RecordField {
  readonly name: string;
  readonly form: RecordForm;
}

const HEX =
  /^(?:sub|mm|range|owner|start|end|length|flags|default_flags|dmirror|pt|pfn|entry|subscription)$/;

function fields(names: string): readonly RecordField[] {
  return names
    .split(" ")
    .map((name): RecordField => ({ name, form: HEX.test(name) ? "hex" : "decimal" }));
}

const RANGE = "range mm start end flags event owner";
const STATE = "subs_seq active";
const CALLBACK = fields(`sub ${RANGE} cur_seq sub_seq`);
const CALLBACK_RETURN = fields("sub ret sub_seq");
const INSERT = fields("sub mm start length");

/** Record name to its fields, in their order. */
export const RECORDS: ReadonlyMap<string, readonly RecordField[]> = new Map([
  ["insert", INSERT],
  ["insert_ret", fields("sub ret")],
  ["insert_locked", INSERT],
  ["insert_locked_ret", fields("sub ret")],
  ["remove", fields("sub mm sub_seq")],
  ["remove_ret", fields("sub")],
  ["read_begin", fields("sub mm sub_seq subs_seq")],
  ["read_begin_ret", fields("sub seq")],
  ["inv_start", fields(`${RANGE} ${STATE}`)],
  ["inv_start_ret", fields("range ret")],
  ["inv_end", fields(`${RANGE} ${STATE}`)],
  ["inv_end_ret", fields("range")],
  ["release", fields("mm")],
  ["release_ret", fields("mm")],
  ["subs_destroy", fields("mm")],
  ["register", fields("subscription mm")],
  ["hmm_range_fault", fields("range sub seq start end default_flags owner")],
  ["hmm_range_fault_ret", fields("range ret")],
  ["invalidate", CALLBACK],
  ["invalidate_ret", CALLBACK_RETURN],
  ["snap_invalidate", CALLBACK],
  ["snap_invalidate_ret", CALLBACK_RETURN],
  ["set_seq", fields("sub cur_seq old_seq")],
  ["read_retry", fields("sub seq sub_seq")],
  ["read_retry_ret", fields("sub ret")],
  ["locked", fields("dmirror")],
  ["unlocking", fields("dmirror")],
  ["do_fault", fields("dmirror range sub seq sub_seq start end default_flags")],
  ["do_fault_ret", fields("dmirror ret")],
  ["do_update", fields("dmirror start end")],
  ["do_update_ret", fields("dmirror")],
  ["pte_store", fields("pt pfn entry")],
  ["pte_erase", fields("pt pfn")],
]);
