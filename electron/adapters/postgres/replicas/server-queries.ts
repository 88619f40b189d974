import type { ClosedDatabase } from '../../../../shared/topology/topology.ts'
import { copyNamePattern } from '../../../naming/copy-name.ts'
import type { DatabaseClient } from '../session/database-client.ts'

export interface ServerIdentity {
  readonly inRecovery: boolean
  readonly version: number
  readonly systemIdentifier: string
  readonly timeline: number
  /** Where the primary inserts; null on a standby. */
  readonly insertLsn: string | null
  /** These are null on a primary. */
  readonly replayPause: string | null
  readonly receivedLsn: string | null
  readonly replayedLsn: string | null
  readonly lagSeconds: number | null
  /** Null on a primary, without a receiver, and for a role that may not see it. */
  readonly receiver: string | null
  readonly hasReceiver: boolean
  readonly applyDelayMs: number
  /** Null on a primary, and for a role that may not see what the startup process waits for. */
  readonly isDelaying: boolean | null
  readonly replayedSecondsAgo: number | null
}

/**
 * What a server is and how far it is, in one round trip.
 *
 * A primary's timeline is read from its WAL position: right after a promotion the control file still has the old one.
 * A standby's is that of its receiver, or of what it has restored when there is none.
 */
export async function readServerIdentity(client: DatabaseClient): Promise<ServerIdentity> {
  const { rows } = await client.query<ServerIdentity>(
    `select in_recovery as "inRecovery",
       current_setting('server_version_num')::int as "version",
       (select system_identifier::text from pg_control_system()) as "systemIdentifier",
       case when in_recovery
         then coalesce(receiver.received_tli, (select greatest(timeline_id, min_recovery_end_timeline)
           from pg_control_checkpoint(), pg_control_recovery()))
         else ('x'||substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::int end as "timeline",
       case when not in_recovery then pg_current_wal_insert_lsn()::text end as "insertLsn",
       case when in_recovery then pg_get_wal_replay_pause_state() end as "replayPause",
       pg_last_wal_receive_lsn()::text as "receivedLsn",
       pg_last_wal_replay_lsn()::text as "replayedLsn",
       case when in_recovery and pg_last_wal_receive_lsn() is distinct from pg_last_wal_replay_lsn()
         then extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())::float8 end as "lagSeconds",
       receiver.status as "receiver",
       receiver.pid is not null as "hasReceiver",
       (select setting::int from pg_settings where name = 'recovery_min_apply_delay') as "applyDelayMs",
       case when in_recovery then extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())::float8
         end as "replayedSecondsAgo",
       case when in_recovery and pg_has_role('pg_read_all_stats', 'usage') then exists (
         select from pg_stat_activity where backend_type = 'startup' and wait_event = 'RecoveryApplyDelay')
         end as "isDelaying"
     from (select pg_is_in_recovery() as in_recovery) as server
     left join pg_stat_wal_receiver as receiver on true`,
  )
  const [row] = rows
  if (row === undefined) throw new Error('the server said nothing about itself')
  return row.inRecovery ? row : { ...row, receivedLsn: null, replayedLsn: null }
}

/** What tells one cluster from another; null for a role that may not ask. */
export async function selectSystemIdentifier(client: DatabaseClient): Promise<string | null> {
  const { rows } = await client.query<{ id: string }>(
    'select system_identifier::text as id from pg_catalog.pg_control_system()',
  )
  return rows[0]?.id ?? null
}

/** Databases that the login may enter, without templates, copies of rehearsals and the one that is asked. */
export async function selectDatabases(client: DatabaseClient): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select datname as name from pg_database
     where datallowconn and not datistemplate and datconnlimit <> -2 and datname <> current_database()
       and has_database_privilege(oid, 'connect')
       and datname !~ '${copyNamePattern}'
     order by datname collate "C"`,
  )
  return rows.map(row => row.name)
}

/** Databases that take no session of this login, and the heaviest reason; an interrupted DROP DATABASE leaves the limit -2. */
export async function selectClosedDatabases(client: DatabaseClient): Promise<readonly ClosedDatabase[]> {
  const { rows } = await client.query<ClosedDatabase>(
    `select name, why from (
       select datname as name,
         case when datconnlimit = -2 then 'invalid'
           when datistemplate then 'template'
           when not datallowconn then 'closed'
           when not has_database_privilege(oid, 'connect') then 'no_connect' end as why
       from pg_database
       where datname not in ('template0', 'template1', current_database())
         and datname !~ '${copyNamePattern}') as known
     where why is not null
     order by name collate "C"`,
  )
  return rows
}
