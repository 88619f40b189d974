import type { DatabaseClient } from '../session/database-client.ts'

const lockName = 'lockstep'

/** Takes the run lock of the cluster for this session, or says at once that another session has it. */
export async function tryRunLock(client: DatabaseClient): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>(
    'select pg_try_advisory_lock(hashtextextended($1, 0)) as taken',
    [lockName],
  )
  return rows[0]?.taken === true
}

/** Application name of the session that has the run lock; null when no session has it any more. */
export async function readRunLockHolder(client: DatabaseClient): Promise<string | null> {
  const { rows } = await client.query<{ holder: string | null }>(
    `select coalesce(nullif(a.application_name, ''), 'backend '||l.pid) as holder
     from pg_locks l
     left join pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'advisory' and l.granted and l.objsubid = 1
       and l.database = (select oid from pg_database where datname = current_database())
       and (l.classid::bigint << 32) | l.objid::bigint = hashtextextended($1, 0)`,
    [lockName],
  )
  return rows[0]?.holder ?? null
}

/** A sign of life of the session that has the lock. */
export async function touchSession(client: DatabaseClient): Promise<void> {
  await client.query('select 1')
}
