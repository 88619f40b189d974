import type { ReplicationReceiver } from '../../../../shared/topology/discovered-project.ts'
import type { DatabaseClient } from '../session/database-client.ts'

/** Where a standby takes WAL from; the columns are null for a role that may not see them. */
export interface WalSource {
  readonly host: string | null
  readonly port: number | null
  readonly slot: string | null
  readonly applicationName: string | null
}

/** A subscription as the catalog has it. */
export interface SubscriptionRow {
  readonly name: string
  readonly database: string
  readonly enabled: boolean
}

/** The standby's own word on its source, without the connection string: that may hold a password. */
export async function selectWalSource(client: DatabaseClient): Promise<WalSource | null> {
  const { rows } = await client.query<WalSource>(
    `select sender_host as host, sender_port as port, slot_name::text as slot,
       substring(conninfo from '(?:^| )application_name=([^ ]+)') as "applicationName"
     from pg_stat_wal_receiver`,
  )
  return rows[0] ?? null
}

/** Who takes WAL, or logical changes, from this server; the short-lived sessions that fill a new subscription are left out. */
export async function selectReceivers(client: DatabaseClient): Promise<readonly ReplicationReceiver[]> {
  const { rows } = await client.query<ReplicationReceiver>(
    `select coalesce(application_name, '') as "applicationName", host(client_addr) as "clientAddress",
       coalesce(state, 'unknown') as state, coalesce(sync_state, 'unknown') as "syncState",
       slot_name::text as slot,
       case when slot_type = 'logical' then 'logical'
         when state in ('backup', 'startup') or application_name = 'pg_basebackup' then 'backup'
         when state is null then 'unknown'
         -- What only writes WAL away, such as pg_receivewal, never says that it has replayed any.
         when replay_lsn is null then 'archiver'
         else 'standby' end as kind
     from pg_stat_replication left join pg_replication_slots on active_pid = pid
     where coalesce(application_name, '') !~ '^pg_[0-9]+_sync_[0-9]+_[0-9]+$'
     order by application_name collate "C", client_addr, pid`,
  )
  return rows
}

/** Subscriptions of every database: the catalog is shared. */
export async function selectSubscriptions(client: DatabaseClient): Promise<readonly SubscriptionRow[]> {
  const { rows } = await client.query<SubscriptionRow>(
    `select s.subname::text as name, d.datname::text as database, s.subenabled as enabled
     from pg_subscription s join pg_database d on d.oid = s.subdbid
     order by d.datname collate "C", s.subname collate "C"`,
  )
  return rows
}

/** Connection strings of all subscriptions, with passwords in them; null for a role that may not read them. */
export async function selectSubscriptionSources(
  client: DatabaseClient,
): Promise<readonly { readonly name: string; readonly database: string; readonly source: string }[] | null> {
  // Asked first: a refused statement would be an error in the log of the server.
  const { rows: rights } = await client.query<{ mayRead: boolean }>(
    `select has_column_privilege('pg_catalog.pg_subscription', 'subconninfo', 'select') as "mayRead"`,
  )
  if (rights[0]?.mayRead !== true) return null
  const { rows } = await client.query<{ name: string; database: string; source: string }>(
    `select s.subname::text as name, d.datname::text as database, s.subconninfo as source
     from pg_subscription s join pg_database d on d.oid = s.subdbid`,
  )
  return rows
}

/** Schemas that a team may have made: not the system's, and not those that an extension brought. */
export async function selectSchemas(client: DatabaseClient): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select nspname::text as name from pg_namespace n
     where nspname !~ '^pg_' and nspname <> 'information_schema'
       and not exists (select from pg_depend
         where classid = 'pg_namespace'::regclass and objid = n.oid and deptype = 'e')
     order by nspname collate "C"`,
  )
  return rows.map(row => row.name)
}
