import type { Failure } from '../../../shared/failure/failure.ts'

/** A failure of every kind; the compiler refuses a kind without one. */
export const failureSamples: {
  readonly [K in Failure['kind']]: readonly Extract<Failure, { readonly kind: K }>[]
} = {
  config_missing: [{ kind: 'config_missing', searchedFrom: '/srv/acme' }],
  config_invalid: [
    {
      kind: 'config_invalid',
      file: 'lockstep.yml',
      line: 12,
      column: 3,
      path: 'groups[0].paralel',
      problem: 'There is no such key.',
      nearest: 'parallel',
    },
    {
      kind: 'config_invalid',
      file: 'lockstep.yml',
      line: 1,
      column: 1,
      path: 'servers',
      problem: 'At least one server is needed.',
    },
  ],
  usage: [{ kind: 'usage', problem: 'There is no option --tenat.', fix: 'lockstep run --help' }],
  server_unreachable: ['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', 'ECONNRESET'].map(code => ({
    kind: 'server_unreachable',
    server: 'db-1',
    endpoint: '127.0.0.1:5433',
    code,
  })),
  authentication_failed: [{ kind: 'authentication_failed', server: 'db-1', user: 'migrator' }],
  database_missing: [{ kind: 'database_missing', server: 'db-1', database: 'shop_ash' }],
  pooler_refused: [{ kind: 'pooler_refused', server: 'db-1' }],
  primary_missing: [{ kind: 'primary_missing', cluster: 'main' }],
  compose_missing: [
    { kind: 'compose_missing', folder: '/srv/app', looked: ['compose.yaml', 'docker-compose.yml'] },
  ],
  compose_invalid: [
    {
      kind: 'compose_invalid',
      file: 'compose.yaml',
      line: 4,
      column: 7,
      problem: 'DB_PASSWORD is not set: choose one',
      fix: 'Set DB_PASSWORD in the environment or in .env.',
    },
  ],
  docker_unavailable: [
    {
      kind: 'docker_unavailable',
      state: 'absent',
      tried: [
        {
          endpoint: 'unix:///var/run/docker.sock',
          from: 'default',
          outcome: 'there is no such socket (ENOENT)',
        },
      ],
    },
    {
      kind: 'docker_unavailable',
      state: 'denied',
      tried: [
        {
          endpoint: 'unix:///var/run/docker.sock',
          from: 'default',
          outcome: 'this user may not use it (EACCES)',
        },
      ],
    },
    {
      kind: 'docker_unavailable',
      state: 'silent',
      tried: [{ endpoint: 'tcp://127.0.0.1:2375', from: 'DOCKER_HOST', outcome: 'no answer within 5 s' }],
    },
  ],
  docker_failed: [
    {
      kind: 'docker_failed',
      call: 'list containers',
      endpoint: 'unix:///run/docker.sock',
      status: 500,
      message: 'out of disk',
    },
    {
      kind: 'docker_failed',
      call: 'read events',
      endpoint: 'unix:///run/docker.sock',
      status: null,
      message: 'the connection was closed',
    },
  ],
  service_unknown: [
    { kind: 'service_unknown', service: 'bd', known: ['app', 'db'] },
    { kind: 'service_unknown', service: 'bd', known: [] },
  ],
  container_not_running: [
    { kind: 'container_not_running', service: 'db', state: 'exited' },
    { kind: 'container_not_running', service: 'db', state: 'missing' },
    { kind: 'container_not_running', service: 'db', state: 'paused' },
  ],
  no_way_to_server: [
    {
      kind: 'no_way_to_server',
      server: 'standby-2',
      tried: [
        { way: 'container_address', outcome: 'connection refused' },
        { way: 'container_exec', outcome: 'the container has no bash, socat, nc, python3 or perl' },
      ],
    },
  ],
  tenants_empty: [{ kind: 'tenants_empty', looked: 'databases: shop_*' }],
  database_closed: [
    ...(['invalid', 'closed', 'template', 'no_connect'] as const).map(why => ({
      kind: 'database_closed' as const,
      server: 'primary',
      database: 'tenant_oak',
      why,
    })),
    ...(['at_work', 'cut_off', 'ended'] as const).map(state => ({
      kind: 'database_closed' as const,
      server: 'primary',
      database: 'tenant_oak',
      why: 'closed' as const,
      by: { runId: '01K0000000000000000000000A', state },
    })),
  ],
  tenants_unreadable: [
    {
      kind: 'tenants_unreadable',
      tenants: [
        {
          tenant: 'tenant_oak',
          failure: { kind: 'database_closed', server: 'primary', database: 'tenant_oak', why: 'invalid' },
        },
      ],
    },
    {
      kind: 'tenants_unreadable',
      tenants: ['ash', 'birch', 'cedar', 'oak'].map(tenant => ({
        tenant,
        failure: {
          kind: 'database_error',
          sqlstate: '53300',
          message: `too many connections for database "${tenant}"`,
          server: 'primary',
          database: tenant,
        },
      })),
    },
  ],
  tenant_unknown: [{ kind: 'tenant_unknown', tenant: 'oak', known: ['ash', 'birch'] }],
  interpreter_missing: [
    {
      kind: 'interpreter_missing',
      tried: [
        { where: 'VIRTUAL_ENV', outcome: 'not set' },
        { where: '.venv', outcome: 'no such folder' },
      ],
    },
  ],
  alembic_missing: [{ kind: 'alembic_missing', interpreter: '.venv/bin/python', missing: 'alembic' }],
  alembic_config_missing: [{ kind: 'alembic_config_missing', file: 'alembic.ini' }],
  source_failed: [
    {
      kind: 'source_failed',
      during: 'loading revision 0003',
      file: 'versions/0003.py',
      line: 4,
      error: 'ModuleNotFoundError: No module named "numpy"',
      missingModule: 'numpy',
    },
    { kind: 'source_failed', during: 'running env.py', error: 'KeyError: DATABASE_URL' },
  ],
  revision_unknown: [{ kind: 'revision_unknown', tenant: 'birch', revision: '00ff' }],
  several_heads: [
    { kind: 'several_heads', heads: ['0003', '0003b'], mergeCommand: 'alembic merge -m "merge" 0003 0003b' },
  ],
  migration_edited: [
    {
      kind: 'migration_edited',
      file: 'migrations/0002.up.sql',
      revision: '0002',
      tenant: 'birch',
      recorded: 'a'.repeat(64),
      found: 'b'.repeat(64),
    },
  ],
  migration_failed: [
    {
      kind: 'migration_failed',
      tenant: 'birch',
      revision: '0003',
      message: 'could not create unique index "uq_users_email"',
      sqlstate: '23505',
      detail: 'Key (email)=(a@example.com) is duplicated.',
      constraint: 'uq_users_email',
      statement: 'alter table users\n  add constraint uq_users_email unique (email)',
      file: 'versions/0003.py',
      line: 21,
    },
    { kind: 'migration_failed', tenant: 'birch', revision: '0003', message: 'division by zero' },
  ],
  not_transactional: [
    {
      kind: 'not_transactional',
      tenant: 'birch',
      revision: '0004',
      statement: 'create index concurrently ix on users (email)',
      reason: 'CREATE INDEX CONCURRENTLY cannot run in a transaction block.',
    },
  ],
  wrong_database: [
    { kind: 'wrong_database', tenant: 'birch', expected: 'shop_birch', actual: 'shop_ash' },
    {
      kind: 'wrong_database',
      tenant: 'birch',
      expected: 'shop_birch',
      actual: 'app',
      opener: { how: 'creator', name: 'connect', file: 'migrations/env.py', line: 4 },
    },
  ],
  own_session_blocks: [
    {
      kind: 'own_session_blocks',
      tenant: 'birch',
      revision: '0002',
      table: 'orders',
      statement: 'ALTER TABLE orders ADD COLUMN paid BOOLEAN',
      file: 'migrations/env.py',
      line: 7,
    },
  ],
  committed_behind_our_back: [
    {
      kind: 'committed_behind_our_back',
      tenant: 'birch',
      detail: 'The transaction id changed in revision 0003.',
    },
  ],
  inspection_failed: [
    {
      kind: 'inspection_failed',
      tenant: 'birch',
      problem: 'an index is not valid',
      evidence: ['public.ix_orders'],
    },
  ],
  vote_unfinishable: [{ kind: 'vote_unfinishable', tenant: 'birch', owner: 'App Owner', user: 'migrator' }],
  vote_of_another_role: [
    {
      kind: 'vote_of_another_role',
      server: 'db-1',
      database: 'shop_ash',
      gid: "lockstep:20260101T000000Z-1:all:o'brien",
      owner: 'app_owner',
      user: 'migrator',
      how: 'commit',
    },
  ],
  database_error: [
    {
      kind: 'database_error',
      sqlstate: '42501',
      message: 'permission denied for table users',
      server: 'db-1',
      database: 'shop_ash',
    },
    { kind: 'database_error', sqlstate: '53300', message: 'too many clients already' },
  ],
  connection_lost: [{ kind: 'connection_lost', server: 'db-1', during: 'reading the fingerprint of birch' }],
  worker_died: [{ kind: 'worker_died', tenant: 'birch', detail: 'The interpreter ended with SIGSEGV.' }],
  reaches_beyond: [
    {
      kind: 'reaches_beyond',
      tenant: 'ash',
      reach:
        'alter role app nologin (revision 0002) reaches beyond the database: it changes roles, which every database of the server shares',
      why: 'no schema dump in a server of our own: there is no pg_dump',
    },
  ],
  shadow_failed: [
    { kind: 'shadow_failed', tried: [{ how: 'a copy of the database', outcome: 'others are connected' }] },
  ],
  snapshot_failed: [
    { kind: 'snapshot_failed', tenant: 'birch', tried: ['template: a session is connected to the database'] },
    { kind: 'snapshot_failed', tenant: 'birch', tried: [] },
  ],
  rollback_refused: [
    { kind: 'rollback_refused', runId: '01K0000000000000000000000A', reasons: ['birch: it has moved since'] },
  ],
  loss_not_accepted: [
    { kind: 'loss_not_accepted', runId: '01K0000000000000000000000A', losses: ['birch: 2 rows of refunds'] },
  ],
  tenant_in_use: [{ kind: 'tenant_in_use', tenants: ['birch'], sessions: ['4711 shop (app)'] }],
  run_locked: [{ kind: 'run_locked', cluster: 'main', holder: 'lockstep 01K0000000000000000000000A' }],
  run_unfinished: [
    { kind: 'run_unfinished', runId: '01K0000000000000000000000A', prepared: [] },
    { kind: 'run_unfinished', runId: '01K0000000000000000000000A', prepared: ['one'] },
    { kind: 'run_unfinished', runId: '01K0000000000000000000000A', prepared: ['one', 'two'] },
    {
      kind: 'run_unfinished',
      runId: '01K0000000000000000000000A',
      prepared: [],
      damage: 'line 40: the line is not a JSON object',
    },
    {
      kind: 'run_unfinished',
      runId: '01K0000000000000000000000A',
      prepared: [],
      closed: ['tenant_oak', 'tenant_ash'],
    },
    ...(['unreadable', 'emptied', 'elsewhere'] as const).flatMap(log => [
      {
        kind: 'run_unfinished' as const,
        runId: '01K0000000000000000000000A',
        prepared: ['one', 'two'],
        log,
        ...(log === 'elsewhere' ? {} : { damage: `the log is ${log}` }),
      },
    ]),
    {
      kind: 'run_unfinished',
      runId: '01K0000000000000000000000A',
      prepared: [],
      log: 'unreadable',
      damage: 'the log cannot be read: the system says EIO',
    },
    {
      kind: 'run_unfinished',
      runId: '01K0000000000000000000000A',
      prepared: ['one'],
      damage: 'line 40: the line is not a JSON object',
    },
    {
      kind: 'run_unfinished',
      runId: '01K0000000000000000000000A',
      prepared: ['one', 'two'],
      project: 'billing',
    },
  ],
  run_unknown: [
    { kind: 'run_unknown', runId: 'latest', known: [] },
    { kind: 'run_unknown', runId: 'latest', known: ['01K0000000000000000000000A'] },
  ],
  gates_stopped: [{ kind: 'gates_stopped', gates: ['foreign_keys', 'replica_lag'] }],
  smoke_failed: [{ kind: 'smoke_failed', tests: ['tenant_isolation'] }],
  hook_stopped: [{ kind: 'hook_stopped', hook: 'change window', moment: 'before', phase: 'approval' }],
  replica_behind: [{ kind: 'replica_behind', server: 'standby-2', problem: 'Its replay is paused.' }],
  schema_differs: [
    { kind: 'schema_differs', tenant: 'birch', server: 'standby-1', objects: ['table public.extra'] },
    { kind: 'schema_differs', tenant: 'birch', server: 'standby-1', objects: [] },
  ],
  partly_migrated: [
    { kind: 'partly_migrated', runId: '01K2ZQ6J', migrated: ['ash'], left: ['birch', 'cedar'] },
  ],
  steps_left: [{ kind: 'steps_left', tenants: ['ash', 'birch'] }],
  votes_undecided: [
    {
      kind: 'votes_undecided',
      runId: '01K2ZQ6J',
      group: 'rest',
      decision: null,
      committed: 1,
      undone: 1,
      unknown: 0,
      votes: [{ tenant: 'cedar', database: 'shop_cedar', gid: 'lockstep:01K2ZQ6J:rest:cedar' }],
    },
    {
      kind: 'votes_undecided',
      runId: '01K2ZQ6J',
      group: 'rest',
      decision: 'commit',
      committed: 0,
      undone: 0,
      unknown: 2,
      votes: [
        { tenant: 'birch', database: 'shop_birch', gid: 'lockstep:01K2ZQ6J:rest:birch' },
        { tenant: 'cedar', database: 'shop_cedar', gid: 'lockstep:01K2ZQ6J:rest:cedar' },
      ],
    },
  ],
  record_damaged: [
    ...(['unreadable', 'emptied', 'elsewhere'] as const).map(log => ({
      kind: 'record_damaged' as const,
      runId: '01K0000000000000000000000A',
      damage: `it is ${log}`,
      known: '',
      log,
      votes: [
        { server: 'primary', database: 'tenant_oak', gid: 'lockstep:01K:all:tenant_oak', owner: 'migrator' },
      ],
    })),
    {
      kind: 'record_damaged',
      runId: '01K0000000000000000000000A',
      damage: 'events.jsonl cannot be read: the system says EIO',
      known: '',
      log: 'unreadable',
      votes: [],
    },
    {
      kind: 'record_damaged',
      runId: '01K2ZQ6J',
      damage: 'line 40: the line is not a JSON object',
      known: 'Before that: a plan for 3 tenants, and no decision.',
      votes: [{ database: 'shop_cedar', gid: 'lockstep:01K2ZQ6J:rest:cedar' }],
    },
    {
      kind: 'record_damaged',
      runId: '01K2ZQ6J',
      damage: 'line 2: the line is not a JSON object',
      known: 'No vote of it is prepared, and each of 3 tenants is at a known revision.',
      votes: [],
    },
  ],
  group_unended: [{ kind: 'group_unended', group: 'canary', tenants: ['ash'] }],
  rollback_unproven: [
    { kind: 'rollback_unproven', tenants: ['birch'], reason: 'The schema cannot be read.' },
  ],
  approval_missing: [{ kind: 'approval_missing', planId: 'c'.repeat(64) }],
  plan_void: [
    { kind: 'plan_void', approved: 'c'.repeat(64), actual: 'd'.repeat(64), moved: ['birch is at 0002 now'] },
    {
      kind: 'plan_void',
      approved: 'c'.repeat(64),
      actual: 'c'.repeat(64),
      moved: ['tenant birch would lose 1 row of table public.refunds, not nothing'],
      undoes: '01K0000000000000000000000A',
    },
  ],
  read_only: [{ kind: 'read_only', action: 'start a run' }],
  project_missing: [{ kind: 'project_missing' }],
  confirmation_missing: [
    { kind: 'confirmation_missing', action: 'apply', level: 3, environment: 'acme-prod' },
    { kind: 'confirmation_missing', action: 'pause', level: 2, environment: 'acme-staging' },
  ],
  not_possible: [{ kind: 'not_possible', action: 'pause', reason: 'The run has ended.' }],
  plan_unknown: [{ kind: 'plan_unknown', planId: '3f2a9c17e0' }],
  request_invalid: [{ kind: 'request_invalid', request: 'run.start', problem: 'planId: expected text' }],
  file_unreadable: [{ kind: 'file_unreadable', file: 'notes.txt', problem: 'Line 1 is no event of a run.' }],
  engine_gone: [{ kind: 'engine_gone', during: 'plan.make' }],
  not_connected: [{ kind: 'not_connected', during: 'run.read' }],
  part_missing: [
    { kind: 'part_missing', part: 'The plan', problem: 'Failed to fetch dynamically imported module' },
  ],
  log_damaged: [{ kind: 'log_damaged', file: 'events.jsonl', line: 7, problem: 'The line was changed.' }],
  log_unreadable: ['EACCES', 'EISDIR', 'ENOTDIR', 'EIO'].map(code => ({
    kind: 'log_unreadable',
    file: 'events.jsonl',
    code,
  })),
  log_unwritable: ['ENOSPC', 'EACCES', 'EBUSY', 'EIO'].map(code => ({
    kind: 'log_unwritable',
    file: 'events.jsonl',
    code,
  })),
  report_unwritable: [
    { kind: 'report_unwritable', report: 'junit', file: '/srv/ci/lockstep-junit.xml', code: 'ENOSPC' },
  ],
  sandbox_failed: [{ kind: 'sandbox_failed', problem: 'initdb ended with code 1.', fix: 'lockstep doctor' }],
  deadline_passed: [{ kind: 'deadline_passed', waitingFor: 'every tenant to vote', seconds: 30 }],
  cancelled: [{ kind: 'cancelled', reason: 'interrupted before the decision' }],
  internal: [{ kind: 'internal', message: 'unexpected end of input', stack: 'Error: at /srv/x.ts:1:1' }],
}
