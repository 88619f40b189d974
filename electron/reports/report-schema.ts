import { z } from 'zod'
import { phaseNames } from '../../shared/run/phase.ts'

/** The version of the report; fields are only ever added to it. */
export const reportVersion = 1

const count = z.int().min(0)
const milliseconds = z.number().min(0)
const time = z.iso.datetime({ precision: 3 })
const hash = z.string()
const verdict = z.enum(['failed', 'inconclusive', 'passed', 'warned', 'not_applicable', 'waived'])

const failure = z
  .strictObject({
    kind: z.string(),
    what: z.string(),
    where: z.string(),
    why: z.string(),
    fix: z.string(),
    facts: z.record(z.string(), z.json()).describe('The fields of the failure, as they are in the run log.'),
  })
  .describe('What went wrong: in words, and as data.')

const phaseName = z.enum(phaseNames)

const phase = z.strictObject({
  phase: phaseName,
  status: z
    .enum(['success', 'failed', 'skipped', 'running', 'interrupted'])
    .describe('running: the run had not ended. interrupted: the process went away in the middle of it.'),
  message: z.string(),
  duration_ms: milliseconds,
  group: z.string().nullable(),
})

const summary = z.strictObject({
  migrations_applied: count.describe(
    'Different revisions of the plan that at least one tenant has committed; the same revision on ten tenants is one.',
  ),
  tenants_validated: count.describe(
    'Tenants at the target whose schema was compared with the expected one after the migration, and is equal on every server where it was compared.',
  ),
  safety_gates_passed: count.describe(
    'Gates whose answer is passed or warned. Waived gates and those that do not apply are not counted.',
  ),
  rollback_required: z
    .boolean()
    .describe(
      'True when something that had begun was, or had to be, rolled back: a tenant, or a whole group.',
    ),
  total_duration_seconds: z.number().min(0),
})

const answer = {
  verdict: verdict.nullable().describe('Null when the run ended before there was an answer.'),
  value: z.string(),
  threshold: z.string(),
  evidence: z.array(
    z.strictObject({ tenant: z.string().nullable(), server: z.string().nullable(), fact: z.string() }),
  ),
  remedy: z.string(),
  duration_ms: milliseconds.nullable(),
}

const hook = z
  .strictObject({
    hook: z.string(),
    kind: z.enum(['executable', 'http', 'sql']),
    moment: z.enum(['before', 'after']),
    phase: phaseName,
    group: z.string().nullable(),
    tenant: z.string().nullable(),
    ...answer,
  })
  .describe('What a hook of the team answered at its moment.')

const tenant = z.strictObject({
  tenant: z.string(),
  cluster: z.string().nullable(),
  database: z.string().nullable(),
  group: z.string().nullable(),
  state: z.enum([
    'waiting',
    'running',
    'prepared',
    'committed',
    'rolled_back',
    'failed',
    'unsettled',
    'up_to_date',
  ]),
  from: z.array(z.string()),
  to: z.array(z.string()),
  attempts: count,
  statements: count,
  duration_ms: milliseconds.nullable(),
  fingerprint_before: hash.nullable(),
  fingerprint_after: hash.nullable(),
  failure: failure.nullable(),
})

const group = z.strictObject({
  group: z.string(),
  wave: count,
  mode: z.enum(['atomic', 'independent']),
  tenants: z.array(z.string()),
  decision: z.enum(['commit', 'rollback']).nullable(),
  result: z.enum(['committed', 'rolled_back', 'partial', 'unsettled', 'skipped']).nullable(),
  window_ms: milliseconds
    .nullable()
    .describe('From the first yes to the end: how long readers of the touched tables may have waited.'),
  failure: failure.nullable(),
})

const replica = z.strictObject({
  server: z.string(),
  cluster: z.string(),
  role: z.enum(['primary', 'standby', 'subscriber', 'unreachable']).nullable(),
  caught_up: z
    .boolean()
    .nullable()
    .describe(
      'Null when nothing was committed that it could have replayed, or when it is declared to be late.',
    ),
  replay: z
    .enum(['delayed', 'archive'])
    .optional()
    .describe(
      'Declared to be late on purpose. A delayed one was waited for until it had received the commits, one that takes WAL from an archive was not.',
    ),
  group: z.string().nullable().describe('The last group that was waited for.'),
  waited_ms: milliseconds.nullable(),
  lag_bytes: z.number().nullable().describe('Null means unknown, never zero.'),
  lag_seconds: z.number().nullable(),
  schemas_equal: count.describe('Tenants whose schema on this server is the expected one.'),
  schemas_different: z.array(z.strictObject({ tenant: z.string(), objects: z.array(z.string()) })),
  failure: failure.nullable(),
})

const server = z.strictObject({
  server: z.string(),
  cluster: z.string(),
  declared_role: z.enum(['primary', 'standby', 'subscriber']),
  role: z.enum(['primary', 'standby', 'subscriber', 'unreachable']),
  way: z
    .enum(['direct', 'published_port', 'container_address', 'container_exec'])
    .nullable()
    .describe(
      'How it was reached; `container_exec` is a tunnel through `docker exec`; null where no way was found.',
    ),
  endpoint: z.string(),
  version: count.nullable().describe('server_version_num, such as 180004.'),
  system_identifier: z.string().nullable(),
  failure: failure.nullable(),
})

const statement = z.strictObject({
  revision: z.string(),
  index: count,
  sql: z.string(),
  executions: count,
  total_ms: milliseconds,
  slowest_ms: milliseconds,
  slowest_tenant: z.string(),
})

const approval = z.strictObject({
  plan_id: hash,
  how: z.enum(['flag', 'prompt', 'named', 'api']),
  by: z.string().nullable(),
  at: time,
})

const rollback = z.strictObject({
  required: z.boolean(),
  proven: z
    .boolean()
    .nullable()
    .describe('True when every tenant that had to be compared is as it was; null when none had to be.'),
  tenants: z.array(
    z.strictObject({ tenant: z.string(), equal: z.boolean(), before: hash, found: z.string() }),
  ),
})

/** The report of one run, as `report.json` and `--json` give it. */
export const reportSchema = z
  .strictObject({
    schema_version: z.literal(reportVersion),
    tool: z.strictObject({ name: z.literal('lockstep'), version: z.string().nullable() }),
    project: z.string().nullable(),
    execution_id: z.string(),
    timestamp: time.describe('When the run started.'),
    finished_at: time.nullable(),
    undoes: z.string().nullable().describe('Of a rollback: the run that it undoes.'),
    undone_by: z.string().nullable().describe('The last rollback that took tenants of this run back.'),
    outcome: z
      .enum([
        'migrated',
        'nothing_to_do',
        'tool_failed',
        'config_invalid',
        'stopped_by_gate',
        'approval_refused',
        'rolled_back',
        'needs_human',
        'locked',
        'interrupted',
        'terminated',
        'hung_up',
      ])
      .nullable()
      .describe('Null while the run has no end.'),
    exit_code: count.nullable(),
    failure: failure.nullable(),
    phase_logs: z.array(phase),
    summary,
    plan_id: hash.nullable(),
    source: z.enum(['alembic', 'sql']).nullable(),
    target: z.array(z.string()),
    gates: z.array(z.strictObject({ gate: z.string(), momentary: z.boolean(), ...answer })),
    smoke_tests: z.array(z.strictObject({ test: z.string(), group: z.string(), ...answer })),
    hooks: z.array(hook),
    groups: z.array(group),
    tenants: z.array(tenant),
    servers: z.array(server),
    replicas: z.array(replica),
    statements: z.array(statement),
    approvals: z.array(approval),
    rollback,
    recoveries: count,
    log_events: count.describe('Events of the run log that this report was made from.'),
    log_head: hash
      .nullable()
      .describe('Hash of the last of these events; `lockstep log RUN --verify` holds the log against it.'),
  })
  .describe('What a run of Lockstep did, to whom, and how it ended.')

export type Report = z.infer<typeof reportSchema>

/** The JSON Schema (2020-12) of the report, as it is published in the package. */
export function reportJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...schema } = z.toJSONSchema(reportSchema, { target: 'draft-2020-12' })
  return { $schema, $id: 'urn:lockstep:report:1', title: 'Lockstep report', ...schema }
}
