import { z } from 'zod'
import { gateNames } from '../verdict.ts'

/** A list of names or globs (`*`, `?`), or a single one. */
const patterns = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)])
const seconds = z.number().positive().max(86_400)
const count = z.number().int().min(0)

const composeSchema = z.strictObject({
  /** Relative to this file; Compose's own names are looked for when not given. */
  files: z.array(z.string().min(1)).min(1).optional(),
  project: z.string().min(1).optional(),
  profiles: z.array(z.string().min(1)).default([]),
  envFiles: z.array(z.string().min(1)).min(1).optional(),
})

const serverSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, 'use letters, digits, dot, dash and underscore'),
  role: z.enum(['primary', 'standby']).default('primary'),
  cluster: z.string().min(1).default('main'),
  /** A service of the Compose project: host, port, user and password are then found there, where not given. */
  service: z.string().min(1).optional(),
  /** Which container of a service that has several; the first when not given. */
  number: z.number().int().min(1).optional(),
  /** The only way to take to a service; tried in this order when not given. */
  way: z.enum(['published_port', 'container_address', 'container_exec']).optional(),
  host: z.string().min(1).optional(),
  port: z.coerce.number().int().min(1).max(65_535).optional(),
  user: z.string().min(1).optional(),
  password: z.string().optional(),
  database: z.string().min(1).default('postgres'),
  tls: z.enum(['disable', 'require', 'verify-full']).default('disable'),
})

const tenantsSchema = z.strictObject({
  databases: patterns.optional(),
  query: z.string().min(1).optional(),
  /** Tenants that are schemas, of all databases that `databases` matches. */
  schemas: patterns.optional(),
  exclude: patterns.optional(),
  appRole: z.string().min(1).optional(),
  appPassword: z.string().optional(),
})

const groupSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'use letters, digits, dash and underscore'),
  tenants: patterns,
  mode: z.enum(['atomic', 'independent']).default('atomic'),
  parallel: z.number().int().min(1).max(256).default(4),
  onFailure: z.enum(['stop', 'continue']).default('stop'),
})

const urlDeliverySchema = z.strictObject({
  ini: z.string().min(1).optional(),
  env: z.string().min(1).optional(),
  x: z.string().min(1).optional(),
  section: z.string().min(1).optional(),
})

const alembicSchema = z.strictObject({
  /** The service whose container holds the project and its interpreter; `config` is then a path in there. */
  service: z.string().min(1).optional(),
  config: z.string().min(1).default('alembic.ini'),
  section: z.string().min(1).optional(),
  python: z.string().min(1).optional(),
  url: urlDeliverySchema.optional(),
  x: z.record(z.string(), z.string()).optional(),
})

const sqlSchema = z.strictObject({
  folder: z.string().min(1).default('migrations'),
  versionTable: z.string().min(1).default('lockstep_version'),
})

const migrationsSchema = z.strictObject({
  alembic: alembicSchema.optional(),
  sql: sqlSchema.optional(),
  target: patterns.optional(),
})

const gateSettingsSchema = z.strictObject({
  replica_lag: z
    .strictObject({ maxBytes: count.default(16_777_216), requireStandbys: z.boolean().default(true) })
    .prefault({}),
  foreign_keys: z
    .strictObject({ maxOrphans: count.default(0), timeoutSeconds: seconds.default(60) })
    .prefault({}),
  blocking_queries: z
    .strictObject({
      longTransactionSeconds: seconds.default(30),
      idleInTransactionSeconds: seconds.default(5),
      preparedTransactionSeconds: z.number().min(0).default(0),
    })
    .prefault({}),
  capacity: z
    .strictObject({
      spareConnections: count.default(3),
      minFreeDiskBytes: count.default(268_435_456),
      maxLockTableShare: z.number().gt(0).max(1).default(0.5),
    })
    .prefault({}),
  isolation_level: z
    .strictObject({
      allow: z
        .array(z.enum(['read committed', 'repeatable read', 'serializable']))
        .default(['read committed']),
    })
    .prefault({}),
  tenant_isolation: z
    .strictObject({
      probes: z.boolean().default(true),
      allow: z.array(z.strictObject({ role: z.string(), reason: z.string().min(3) })).default([]),
    })
    .prefault({}),
})

/** Where this is; production has to be called so, or `protection` says it. */
const environmentSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, 'use letters, digits, dot, dash and underscore'),
  protection: z.enum(['local', 'shared', 'production']).optional(),
})

const waiverSchema = z.strictObject({
  gate: z.enum(gateNames),
  reason: z.string().min(3, 'say why in words'),
})

const smokeSchema = z.strictObject({
  isolation: z.boolean().default(true),
  queries: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        sql: z.string().min(1),
        minRows: count.default(1),
        timeoutSeconds: seconds.default(10),
      }),
    )
    .default([]),
  http: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        url: z.string().min(1),
        status: z.number().int().min(100).max(599).default(200),
        timeoutSeconds: seconds.default(10),
        retries: count.default(3),
      }),
    )
    .default([]),
  hooks: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        command: z.array(z.string()).min(1),
        per: z.enum(['group', 'tenant']).default('group'),
        timeoutSeconds: seconds.default(60),
      }),
    )
    .default([]),
})

/** How the statements of a plan are examined before anything runs. */
const lintSchema = z.strictObject({
  /** The weakest finding that stops a run. */
  failOn: z.enum(['error', 'warning', 'never']).default('error'),
  /** Above this many rows a table counts as large: what locks it or writes it anew is then an error. */
  largeTableRows: count.default(100_000),
  /** Rules that are not applied at all. */
  disable: z
    .array(z.strictObject({ rule: z.string().min(1), reason: z.string().min(3, 'say why in words') }))
    .default([]),
  waivers: z
    .array(
      z.strictObject({
        rule: z.string().min(1),
        /** Only for this revision; every one when not given. */
        revision: z.string().min(1).optional(),
        reason: z.string().min(3, 'say why in words'),
      }),
    )
    .default([]),
})

/** Running a plan on a copy before it is approved. */
const rehearsalSchema = z.strictObject({
  /** `plan`: when somebody plans; `always`: also when a run meets a plan that nobody rehearsed; `never`. */
  when: z.enum(['plan', 'always', 'never']).default('plan'),
  /** Where the copy lies: beside the tenant (`server`) or in a server of our own (`sandbox`). */
  where: z.enum(['auto', 'server', 'sandbox']).default('auto'),
  data: z.enum(['schema', 'sample', 'full']).default('schema'),
  /** Whether it also goes down and up again, to know what a rollback would lose. */
  reverse: z.boolean().default(true),
  timeoutSeconds: seconds.default(600),
})

const driftSchema = z.strictObject({
  /** What it means that a tenant does not look like the others of its revision. */
  onOutlier: z.enum(['stop', 'warn']).default('warn'),
  /** Tenants that are left alone, each with its reason. */
  quarantine: z
    .array(z.strictObject({ tenant: z.string().min(1), reason: z.string().min(3, 'say why in words') }))
    .default([]),
})

const snapshotsSchema = z.strictObject({
  /** When a copy of the data is taken, beside the fingerprint that always is. */
  data: z.enum(['never', 'irreversible', 'always']).default('never'),
  /** `template`: a copy of the database on its server; `dump`: a file of pg_dump. */
  how: z.enum(['auto', 'template', 'dump']).default('auto'),
  /** How many snapshots of a tenant are kept; the last one before a run is never deleted. */
  keep: z.number().int().min(1).max(1_000).default(3),
  /** Whether each is restored once, to see that it can be. */
  verify: z.boolean().default(true),
  /** Space that has to stay free on the disk. */
  minFreeBytes: count.default(268_435_456),
})

const rollbackSchema = z.strictObject({
  /** The ways that may be taken, best first. */
  ways: z
    .array(z.enum(['downgrade', 'snapshot']))
    .min(1)
    .default(['downgrade', 'snapshot']),
})

const phaseNames = [
  'topology_discovery',
  'planning',
  'safety_gate_validation',
  'approval',
  'rollback_snapshot',
  'migration_execution',
  'replica_sync_validation',
  'smoke_test',
  'rollback',
] as const

const moment = {
  name: z.string().min(1),
  before: z.enum(phaseNames).optional(),
  after: z.enum(phaseNames).optional(),
  per: z.enum(['run', 'group', 'tenant']).default('run'),
}

/** The team's own gates around the phases: exactly one of `before` and `after`. */
const hooksSchema = z.strictObject({
  executables: z
    .array(
      z.strictObject({
        ...moment,
        command: z.array(z.string()).min(1),
        timeoutSeconds: seconds.default(60),
      }),
    )
    .default([]),
  http: z
    .array(
      z.strictObject({
        ...moment,
        url: z.string().min(1),
        status: z.number().int().min(100).max(599).default(200),
        timeoutSeconds: seconds.default(10),
        retries: count.default(3),
      }),
    )
    .default([]),
  sql: z
    .array(
      z.strictObject({
        ...moment,
        per: z.enum(['tenant']).default('tenant'),
        /** Passes when its first column of its first row is true. */
        sql: z.string().min(1),
        timeoutSeconds: seconds.default(10),
      }),
    )
    .default([]),
})

const executionSchema = z.strictObject({
  lockTimeoutSeconds: seconds.default(2),
  statementTimeoutSeconds: seconds.default(600),
  lockRetries: count.default(5),
  voteDeadlineSeconds: seconds.default(120),
  replicaDeadlineSeconds: seconds.default(60),
  parallelPerServer: z.number().int().min(1).max(256).default(8),
  lockWaitSeconds: z.number().min(0).default(0),
  /** How long undoing and proving wait for a server that went away. */
  settleSeconds: seconds.default(30),
  /** Lets a migration leave constraints NOT VALID on purpose, to be validated by a later revision. */
  allowUnvalidated: z.boolean().default(false),
})

/** `lockstep.yml`: where things are, and how strict the gates are. */
export const projectConfigSchema = z.strictObject({
  version: z.literal(1),
  project: z.string().min(1).default('project'),
  environment: environmentSchema.optional(),
  /** A libpq password file, relative to this file; `PGPASSFILE` otherwise. */
  passFile: z.string().min(1).optional(),
  compose: composeSchema.optional(),
  servers: z.array(serverSchema).min(1),
  tenants: tenantsSchema,
  groups: z.array(groupSchema).default([]),
  migrations: migrationsSchema,
  vote: z.enum(['fleet', 'group']).default('fleet'),
  gates: gateSettingsSchema.prefault({}),
  waivers: z.array(waiverSchema).default([]),
  smokeTests: smokeSchema.prefault({}),
  execution: executionSchema.prefault({}),
  lint: lintSchema.prefault({}),
  rehearsal: rehearsalSchema.prefault({}),
  drift: driftSchema.prefault({}),
  snapshots: snapshotsSchema.prefault({}),
  rollback: rollbackSchema.prefault({}),
  hooks: hooksSchema.prefault({}),
})

export type ProjectConfig = z.infer<typeof projectConfigSchema>
export type ComposeConfig = z.infer<typeof composeSchema>
export type ServerConfig = ProjectConfig['servers'][number]
export type GroupConfig = ProjectConfig['groups'][number]
export type GateSettings = ProjectConfig['gates']
export type SmokeSettings = ProjectConfig['smokeTests']
export type ExecutionSettings = ProjectConfig['execution']
export type LintSettings = ProjectConfig['lint']
export type RehearsalSettings = ProjectConfig['rehearsal']
export type DriftSettings = ProjectConfig['drift']
export type SnapshotSettings = ProjectConfig['snapshots']
export type HookSettings = ProjectConfig['hooks']
