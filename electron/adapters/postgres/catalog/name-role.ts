/** SQL that gives the name of the role whose oid an SQL expression gives. */
export type NameRole = (oid: string) => string

/**
 * Names roles, the tenant's own one by a placeholder: two tenants with a role each then have equal schemas.
 */
export function createNameRole(tenantRole: string | null): NameRole {
  if (tenantRole === null) return oid => `pg_get_userbyid(${oid})::text`
  const own = spellName(tenantRole)
  return oid =>
    `case when pg_get_userbyid(${oid})::text = ${own} then '{tenant role}' else pg_get_userbyid(${oid})::text end`
}

/** SQL for a name, in hexadecimal: the statement is also sent by drivers that read a percent sign or a colon in it. */
export function spellName(name: string): string {
  return `convert_from(decode('${Buffer.from(name, 'utf8').toString('hex')}', 'hex'), 'UTF8')`
}
