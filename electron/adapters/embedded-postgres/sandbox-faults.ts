import type { SandboxTenant } from './sandbox-tenants.ts'

/** Statements for one database, to be run as the superuser of the primary. */
export interface DatabaseChange {
  readonly database: string
  readonly sql: string
}

/** Two customers with one e-mail address, which the pending unique constraint refuses. */
export function duplicateRows(tenant: SandboxTenant): readonly DatabaseChange[] {
  const sql = `
insert into customers (name, email, country, created_at)
select name, email, country, created_at + interval '1 minute' from customers where id = 42;
`
  return [{ database: tenant.database, sql }]
}

/** An order item of an order that does not exist, behind a foreign key that was put back without a look at the old rows. */
export function orphanRows(tenant: SandboxTenant): readonly DatabaseChange[] {
  const sql = `
begin;
alter table order_items drop constraint order_items_order_id_fkey;
${insertOrphan}
alter table order_items add constraint order_items_order_id_fkey
  foreign key (order_id) references orders (id) on delete cascade not valid;
commit;
`
  return [{ database: tenant.database, sql }]
}

/** The same orphan behind a foreign key that calls itself valid: written while its triggers were off. */
export function orphanRowsBehindReplicaRole(tenant: SandboxTenant): readonly DatabaseChange[] {
  const sql = `
begin;
set local session_replication_role = replica;
${insertOrphan}
commit;
`
  return [{ database: tenant.database, sql }]
}

const insertOrphan =
  'insert into order_items (order_id, product_id, quantity, unit_price_cents) values (999999, 1, 1, 995);'

/** Lets the login of the first tenant into the database of the second, and read there. */
export function leakyTenant(intruder: SandboxTenant, victim: SandboxTenant): readonly DatabaseChange[] {
  return [
    { database: 'postgres', sql: `grant connect on database ${victim.database} to ${intruder.appRole}` },
    {
      database: victim.database,
      sql: `
grant usage on schema public to ${intruder.appRole};
grant select on all tables in schema public to ${intruder.appRole};
`,
    },
  ]
}

/**
 * A report that was left open on a table that the pending migration changes. Run each on one connection and keep it open;
 * it holds its lock until the connection closes.
 */
export function blockingQuery(tenant: SandboxTenant): {
  readonly database: string
  readonly statements: readonly string[]
} {
  return {
    database: tenant.database,
    statements: [
      "set application_name = 'nightly-report'",
      'begin',
      'lock table customers in access share mode',
      'select count(*) from customers',
    ],
  }
}

/** Stops a standby's replay: it receives, but does not apply. Run on the standby, in any database. */
export const pauseReplay = 'select pg_wal_replay_pause()'

/** The opposite, for cleaning up. */
export const resumeReplay = 'select pg_wal_replay_resume()'

/** Makes a standby apply every commit this late: it streams and is not paused, and still is behind. Run on the standby, statement by statement. */
export function delayReplay(seconds: number): readonly string[] {
  return [`alter system set recovery_min_apply_delay = '${seconds}s'`, 'select pg_reload_conf()']
}

/** Something to be behind with: a commit of some size on the primary, without a change of any tenant's schema. */
export function writeSomeLog(tenant: SandboxTenant): readonly DatabaseChange[] {
  return [{ database: tenant.database, sql: 'update order_items set quantity = quantity where id <= 4000' }]
}
