import { z } from 'zod'
import { policyShape } from '../settings/policy.ts'

/** A list of names or globs (`*`, `?`), or a single one. */
const patterns = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)])

const composeSchema = z.strictObject({
  /** Relative to this file; Compose's own names are looked for when not given. */
  files: z.array(z.string().min(1)).min(1).optional(),
  project: z.string().min(1).optional(),
  profiles: z.array(z.string().min(1)).default([]),
  envFiles: z.array(z.string().min(1)).min(1).optional(),
})

const serverSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, 'use letters, digits, dot, dash and underscore'),
  role: z.enum(['primary', 'standby', 'subscriber']).default('primary'),
  cluster: z.string().min(1).default('main'),
  /** Of a standby that is late on purpose, or takes its WAL from an archive only: it is judged by that. */
  replay: z.enum(['delayed', 'archive']).optional(),
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

/** Tenants that are rows of shared tables, kept apart by row-level security. */
const rowsSchema = z.strictObject({
  /** Tables that hold rows of tenants; all that the application's role may use when not given. */
  tables: patterns.optional(),
  /** Tables that all tenants read on purpose, and none may write. */
  lookup: patterns.optional(),
  /** The column that says whose a row is. */
  column: z.string().min(1).default('tenant_id'),
  /** The setting by which a session says for whom it works. */
  setting: z
    .string()
    .regex(/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$/, 'write it with a dot, such as app.tenant')
    .default('app.tenant'),
  /** Tenants to try as; found in the tables when neither these nor a query are given. */
  tenants: z
    .array(z.coerce.string().min(1))
    .min(2, 'name two at least: one is tried against another')
    .optional(),
  query: z.string().min(1).optional(),
})

const tenantsSchema = z.strictObject({
  /** What tenants are; taken from the other keys when not given. */
  model: z.enum(['database', 'schema', 'shared']).optional(),
  databases: patterns.optional(),
  query: z.string().min(1).optional(),
  /** Tenants that are schemas, of all databases that `databases` matches. */
  schemas: patterns.optional(),
  rls: rowsSchema.optional(),
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
  /** For tenants that are schemas: the name under which `env.py` takes the schema, as `-x name=schema`. */
  schema: z.strictObject({ x: z.string().min(1) }).optional(),
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

/** Where this is; production has to be called so, or `protection` says it. */
const environmentSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, 'use letters, digits, dot, dash and underscore'),
  protection: z.enum(['local', 'shared', 'production']).optional(),
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
  /** A `SKILL.md`, relative to this file: how tenants are migrated, beside what is said here. */
  protocol: z.string().min(1).optional(),
  vote: z.enum(['fleet', 'group']).default('fleet'),
  ...policyShape,
})

export type ProjectConfig = z.infer<typeof projectConfigSchema>
export type ComposeConfig = z.infer<typeof composeSchema>
export type TenantsConfig = ProjectConfig['tenants']
export type ServerConfig = ProjectConfig['servers'][number]
export type GroupConfig = ProjectConfig['groups'][number]
