/** SQL for the number that a sequence gave out last; null where it gave out none, or may not be looked at. */
export function positionOf(oid: string): string {
  return `case when has_sequence_privilege(${oid}, 'select') then pg_sequence_last_value(${oid}) end`
}
