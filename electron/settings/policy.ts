import { z } from 'zod'
import { gateNames } from '../../shared/plan/verdict.ts'
import { phaseNames } from '../../shared/run/phase.ts'

const seconds = z.number().positive().max(86_400)
const count = z.number().int().min(0)

const gateSettingsSchema = z.strictObject({
  lock_budget: z
    .strictObject({
      /** How long a table may be closed to readers, as the rehearsal measured it. */
      maxReaderBlockSeconds: seconds.default(2),
      /** How long it may be closed to writers. */
      maxWriterBlockSeconds: seconds.default(30),
      /** A table with more rows must not be read or written anew from end to end while anything is locked. */
      largeTableRows: count.default(1_000_000),
    })
    .prefault({}),
  rewrite: z
    .strictObject({ maxRows: count.default(1_000_000), maxBytes: count.default(1_073_741_824) })
    .prefault({}),
  reversible: z
    .strictObject({
      /** `lossless`: stops what could not be undone without loss; `none` only says so. */
      require: z.enum(['none', 'lossless']).default('none'),
    })
    .prefault({}),
  replay_conflict: z
    .strictObject({
      /** How long replay may wait for the queries of a standby. */
      maxStallSeconds: seconds.default(30),
      /** What it means that a declared logical subscriber stands still afterwards. */
      subscribers: z.enum(['warn', 'fail']).default('warn'),
    })
    .prefault({}),
  replica_lag: z
    .strictObject({
      maxBytes: count.default(16_777_216),
      requireStandbys: z.boolean().default(true),
      /** How old the last commit may be that a standby with `replay: archive` has replayed, where it lacks more than a segment. */
      maxArchiveSeconds: seconds.default(3_600),
      /** What it means that a standby streams which is not declared. */
      undeclared: z.enum(['warn', 'fail']).default('warn'),
      /** Standbys that are known and not declared, by application_name or address. */
      accept: z.array(z.string().min(1)).default([]),
    })
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
      /** What is known and wanted: a role, an object, or one role on one object. */
      allow: z
        .array(
          z
            .strictObject({
              role: z.string().min(1).optional(),
              object: z.string().min(1).optional(),
              reason: z.string().min(3, 'say why in words'),
            })
            .refine(({ role, object }) => role !== undefined || object !== undefined, {
              message: 'say which `role` or which `object` is allowed',
            }),
        )
        .default([]),
    })
    .prefault({}),
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

/** How tenants are migrated: what gates allow, what hooks ask, how long things may take, what is kept to go back to. */
export const policyShape = {
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
}

const policySchema = z.strictObject(policyShape)

/** The policy with every default filled in. */
export type Policy = z.infer<typeof policySchema>
export type GateSettings = Policy['gates']
export type SmokeSettings = Policy['smokeTests']
export type ExecutionSettings = Policy['execution']
export type LintSettings = Policy['lint']
export type RehearsalSettings = Policy['rehearsal']
export type DriftSettings = Policy['drift']
export type SnapshotSettings = Policy['snapshots']
export type HookSettings = Policy['hooks']
