import type { ReachScope } from './reach.ts'

/** Functions of the server, and of what is often installed in it, that do something beyond their own database. */
const families: readonly { readonly scope: ReachScope; readonly what: string; readonly name: RegExp }[] = [
  {
    scope: 'outside',
    what: 'opens a session on another database',
    name: /^(dblink|dblink_(connect|connect_u|exec|open|send_query|fetch))$/,
  },
  {
    scope: 'outside',
    what: 'reads or writes a file of the server',
    name: /^(lo_export|lo_import|pg_file_(write|rename|unlink|sync))$/,
  },
  {
    scope: 'outside',
    what: 'calls another service',
    name: /^(http|http_(get|post|put|patch|delete|head)|aws_lambda_invoke|query_export_to_s3)$/,
  },
  {
    scope: 'server',
    what: 'makes the server read its settings again, or rotate its log or WAL',
    name: /^pg_(reload_conf|rotate_logfile|switch_wal|create_restore_point|promote|backup_start|backup_stop|start_backup|stop_backup|wal_replay_(pause|resume))$/,
  },
  {
    scope: 'server',
    what: 'ends sessions or statements of others',
    name: /^pg_(terminate|cancel)_backend$/,
  },
  {
    scope: 'server',
    what: 'changes replication slots or origins, which belong to the whole server',
    name: /^pg_(create_(physical|logical)_replication_slot|copy_(physical|logical)_replication_slot|drop_replication_slot|replication_slot_advance|logical_slot_get_(binary_)?changes|sync_replication_slots|replication_origin_(create|drop|advance|session_setup))$/,
  },
  {
    scope: 'server',
    what: 'resets or flushes what the whole server has counted',
    name: /^(pg_stat_reset_(shared|slru|replication_slot|subscription_stats)|pg_stat_statements_reset)$/,
  },
  {
    scope: 'server',
    what: 'schedules jobs for the whole server',
    name: /^(schedule_in_database|unschedule)$/,
  },
]

/** What a function of this name does beyond the database; null for every other. */
export function findReachingFunction(
  name: string,
): { readonly scope: ReachScope; readonly what: string } | null {
  const found = families.find(family => family.name.test(name))
  return found ? { scope: found.scope, what: found.what } : null
}
