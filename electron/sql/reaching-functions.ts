import type { ReachScope } from './reach.ts'

/** Functions of the server, and of what is often installed in it, that do something beyond their own database. */
const families: readonly { readonly scope: ReachScope; readonly what: string; readonly name: RegExp }[] = [
  {
    scope: 'outside',
    what: 'opens a session on another database',
    name: /^(dblink|dblink_(connect|connect_u|exec|open|send_query|fetch|close|get_result|cancel_query))$/,
  },
  {
    scope: 'outside',
    what: 'reads or writes a file of the server',
    name: /^(lo_export|lo_import|pg_file_(write|rename|unlink|sync)|autoprewarm_dump_now|fopen|fcopy|fremove|frename)$/,
  },
  {
    scope: 'outside',
    what: 'calls another service',
    name: /^(http|http_(get|post|put|patch|delete|head)|aws_lambda_invoke|query_export_to_s3|run_command_on_\w+)$/,
  },
  {
    scope: 'server',
    what: 'makes the server read its settings again, or write or rotate its log or WAL',
    name: /^pg_(reload_conf|rotate_logfile|rotate_logfile_v2|logfile_rotate|log_backend_memory_contexts|log_standby_snapshot|logical_emit_message|switch_wal|create_restore_point|promote|backup_start|backup_stop|start_backup|stop_backup|wal_replay_(pause|resume))$|^(binary_upgrade_\w+|autoprewarm_start_worker)$/,
  },
  {
    scope: 'server',
    what: 'ends sessions or statements of others',
    name: /^pg_(terminate|cancel)_backend$/,
  },
  {
    scope: 'server',
    what: 'changes replication slots or origins, which belong to the whole server',
    name: /^pg_(create_(physical|logical)_replication_slot|copy_(physical|logical)_replication_slot|drop_replication_slot|replication_slot_advance|logical_slot_get_(binary_)?changes|sync_replication_slots|replication_origin_(create|drop|advance|session_setup|xact_setup))$|^(create|alter|drop)_subscription$/,
  },
  {
    scope: 'server',
    what: 'resets or flushes what the whole server has counted',
    name: /^(pg_stat_reset_(shared|slru|replication_slot|subscription_stats|backend_stats)|pg_(stat_(statements|kcache|monitor|plans)|wait_sampling|qualstats)_reset(_profile)?|pg_buffercache_evict(_\w+)?)$/,
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

/** Whether any SQL can leave the server where an extension of this name is installed. */
export function leavesServer(extension: string): boolean {
  return /^(dblink|http|pg_net|pg_curl|plsh|plproxy|pg_background|aws_lambda|aws_s3|citus)$/.test(extension)
}

/** Whether a function of this name runs SQL, or reads a relation, that is handed to it as text. */
export function runsText(name: string): boolean {
  return /^((query|table|schema|database)_to_xml\w*|cursor_to_xml\w*|ts_stat|ts_rewrite|crosstab\w*|connectby|xpath_table|pg_background_launch)$/.test(
    name,
  )
}
