import type { Failure } from '../../shared/failure/failure.ts'
import { scrubText } from '../lib/scrub-text.ts'

/** The fields of each failure that only this run, this machine or this moment decide; none may be forgotten. */
const volatileFields: { readonly [K in Failure['kind']]: readonly string[] } = {
  config_missing: ['searchedFrom'],
  config_invalid: [],
  usage: [],
  server_unreachable: ['endpoint'],
  authentication_failed: [],
  database_missing: [],
  pooler_refused: [],
  primary_missing: [],
  compose_missing: ['folder'],
  compose_invalid: [],
  docker_unavailable: ['tried'],
  docker_failed: ['endpoint'],
  service_unknown: [],
  container_not_running: [],
  no_way_to_server: ['tried'],
  shadow_failed: ['tried'],
  reaches_beyond: ['why'],
  tenants_empty: [],
  database_closed: [],
  tenants_unreadable: [],
  tenant_unknown: [],
  interpreter_missing: ['tried'],
  alembic_missing: ['interpreter'],
  alembic_config_missing: [],
  source_failed: [],
  revision_unknown: [],
  several_heads: [],
  migration_edited: [],
  migration_failed: [],
  not_transactional: [],
  wrong_database: [],
  own_session_blocks: [],
  committed_behind_our_back: [],
  inspection_failed: [],
  vote_unfinishable: [],
  vote_of_another_role: ['gid'],
  database_error: [],
  connection_lost: [],
  worker_died: [],
  run_locked: ['holder'],
  run_unfinished: ['runId'],
  run_unknown: ['runId', 'known'],
  gates_stopped: [],
  smoke_failed: [],
  hook_stopped: [],
  replica_behind: [],
  schema_differs: [],
  rollback_unproven: [],
  partly_migrated: ['runId'],
  votes_undecided: ['runId', 'votes'],
  record_damaged: ['runId', 'votes'],
  group_unended: [],
  steps_left: [],
  approval_missing: [],
  plan_void: [],
  snapshot_failed: ['tried'],
  rollback_refused: ['runId', 'reasons'],
  loss_not_accepted: ['runId'],
  tenant_in_use: ['sessions'],
  read_only: [],
  project_missing: [],
  confirmation_missing: [],
  not_possible: [],
  plan_unknown: [],
  request_invalid: [],
  file_unreadable: ['file'],
  engine_gone: [],
  not_connected: [],
  part_missing: [],
  log_damaged: [],
  log_unreadable: ['file'],
  log_unwritable: [],
  report_unwritable: ['file'],
  sandbox_failed: [],
  deadline_passed: [],
  cancelled: [],
  internal: ['stack'],
}

/** A failure without what differs between two identical runs, also inside its sentences. */
export function canonicalFailure(failure: Failure | null): unknown {
  if (failure === null) return null
  const dropped = volatileFields[failure.kind]
  return scrubValue(Object.fromEntries(Object.entries(failure).filter(([key]) => !dropped.includes(key))))
}

function scrubValue(value: unknown): unknown {
  if (typeof value === 'string') return scrubText(value)
  if (Array.isArray(value)) return value.map(scrubValue)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, scrubValue(inner)]))
}
