import { z } from 'zod'
import { groupPolicyShape, groupsWords, voteSchema } from '../settings/group-settings.ts'
import { policyShape } from '../settings/policy.ts'

/** A list of names or globs (`*`, `?`), or a single one. */
const patterns = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)])

const text = z.string().min(1)

const composeSchema = z
  .strictObject({
    files: z
      .array(text)
      .min(1)
      .optional()
      .describe('Relative to this file; found as Compose finds them when not given.'),
    project: text.optional().describe('The name of the Compose project.'),
    profiles: z.array(text).default([]).describe('Profiles to enable.'),
    envFiles: z.array(text).min(1).optional().describe('Files of variables; .env when not given.'),
  })
  .describe('The Compose project that the servers belong to.')

const serverSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, 'use letters, digits, dot, dash and underscore')
    .describe('A name for logs and screens.'),
  role: z
    .enum(['primary', 'standby', 'subscriber'])
    .default('primary')
    .describe('What it is declared to be; the server is asked what it is.'),
  cluster: text.default('main').describe('The name that a primary, its standbys and its subscribers share.'),
  replay: z
    .enum(['delayed', 'archive'])
    .optional()
    .describe(
      'Of a standby: delayed where recovery_min_apply_delay makes it late on purpose, archive where it takes WAL from an archive only.',
    ),
  service: text
    .optional()
    .describe('A service of the Compose project: address, user and password are then found there.'),
  number: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe('Which container of a service that has several; the first when not given.'),
  way: z
    .enum(['published_port', 'container_address', 'container_exec'])
    .optional()
    .describe(
      'The only way to reach a service; published port, container address and docker exec are tried in this order when not given.',
    ),
  host: text.optional().describe('Host name, address, or folder of a socket.'),
  port: z.coerce.number().int().min(1).max(65_535).optional().describe('Its port.'),
  user: text.optional().describe('The role that migrates.'),
  password: z
    .string()
    .optional()
    .describe('Better left to PGPASSWORD, a password file, or a reference to the environment or a file.'),
  database: text
    .default('postgres')
    .describe('The database to connect to for what concerns the whole server.'),
  tls: z
    .enum(['disable', 'require', 'verify-full'])
    .default('disable')
    .describe(
      'Whether the connection is encrypted (require), and the server’s certificate and name checked too (verify-full).',
    ),
})

const rowsSchema = z
  .strictObject({
    // All that the application's role may use when not given.
    tables: patterns.optional().describe('Tables that hold rows of tenants.'),
    lookup: patterns.optional().describe('Tables that all tenants read on purpose, and none may write.'),
    column: text.default('tenant_id').describe('The column that says whose a row is.'),
    setting: z
      .string()
      .regex(/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$/, 'write it with a dot, such as app.tenant')
      .default('app.tenant')
      .describe('The setting that names the tenant of a session, as in set app.tenant = ...'),
    tenants: z
      .array(z.coerce.string().min(1))
      .min(2, 'name two at least: one is tried against another')
      .optional()
      .describe('Tenants to try as; found in the tables when not given.'),
    query: text.optional().describe('A query that gives the tenants to try as.'),
  })
  .describe('Tenants that are rows of shared tables, kept apart by row-level security.')

const tenantsSchema = z
  .strictObject({
    model: z
      .enum(['database', 'schema', 'shared'])
      .optional()
      .describe('What tenants are; taken from the other keys when not given.'),
    databases: patterns.optional().describe('Databases that are tenants: names, or patterns with * and ?.'),
    query: text.optional().describe('A query that gives the names of the databases.'),
    schemas: patterns.optional().describe('Schemas that are tenants, of all databases that match.'),
    rls: rowsSchema.optional(),
    exclude: patterns.optional().describe('Names or patterns that are left out.'),
    appRole: text.optional().describe('The role of a tenant’s application; {tenant} stands for its name.'),
    appPassword: z.string().optional().describe('Its password; better a reference to the environment.'),
  })
  .describe('Which databases, schemas or rows are tenants.')

const groupSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'use letters, digits, dash and underscore')
    .describe('A name for logs and screens.'),
  tenants: patterns.describe('Names or patterns.'),
  mode: groupPolicyShape.mode.default('atomic'),
  parallel: groupPolicyShape.parallel.default(4),
  onFailure: groupPolicyShape.onFailure.default('stop'),
})

const urlDeliverySchema = z
  .strictObject({
    ini: text.optional().describe('A key of alembic.ini.'),
    env: text.optional().describe('A variable of the environment.'),
    x: text.optional().describe('An -x argument.'),
    section: text.optional().describe('A section of alembic.ini for each tenant.'),
  })
  .describe('How env.py is told which database: exactly one of these.')

const alembicSchema = z
  .strictObject({
    service: text
      .optional()
      .describe('The service whose container holds the project; `config` is a path in there.'),
    config: text.default('alembic.ini').describe('Its alembic.ini or pyproject.toml.'),
    section: text.optional().describe('The section of that file.'),
    python: text.optional().describe('The interpreter; found when not given.'),
    url: urlDeliverySchema.optional(),
    x: z.record(z.string(), z.string()).optional().describe('Further -x arguments.'),
    schema: z
      .strictObject({ x: text.describe('The name of an -x argument that takes it.') })
      .optional()
      .describe('How env.py is told which schema is the tenant.'),
  })
  .describe('An Alembic project.')

const sqlSchema = z
  .strictObject({
    folder: text.default('migrations').describe('Relative to this file.'),
    versionTable: text.default('lockstep_version').describe('The table that says what was applied.'),
  })
  .describe('A folder of SQL files.')

const migrationsSchema = z
  .strictObject({
    alembic: alembicSchema.optional(),
    sql: sqlSchema.optional(),
    target: patterns.optional().describe('Heads or revisions to migrate to; the head when not given.'),
  })
  .describe('Where revisions come from.')

const environmentSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, 'use letters, digits, dot, dash and underscore')
      .describe('Its name, such as production; to be typed before it is changed.'),
    protection: z
      .enum(['local', 'shared', 'production'])
      .optional()
      .describe(
        'How much is asked before something changes; taken from the name and the addresses when not given.',
      ),
  })
  .describe('Which environment this is.')

/** `lockstep.yml`: where things are, and how strict the gates are. */
export const projectConfigSchema = z.strictObject({
  version: z.literal(1).describe('The version of this format.'),
  project: text.default('project').describe('The name of the project in logs and reports.'),
  environment: environmentSchema.optional(),
  passFile: text
    .optional()
    .describe('A libpq password file, relative to this file; PGPASSFILE or ~/.pgpass when not given.'),
  compose: composeSchema.optional(),
  servers: z
    .array(serverSchema)
    .min(1)
    .describe('Every primary and standby, and logical subscribers: these are looked at, never migrated.'),
  tenants: tenantsSchema,
  groups: z.array(groupSchema).default([]).describe(groupsWords),
  migrations: migrationsSchema,
  protocol: text
    .optional()
    .describe('A SKILL.md, relative to this file: how tenants are migrated, beside what is said here.'),
  vote: voteSchema,
  ...policyShape,
})

export type ProjectConfig = z.infer<typeof projectConfigSchema>
export type ComposeConfig = z.infer<typeof composeSchema>
export type TenantsConfig = ProjectConfig['tenants']
export type ServerConfig = ProjectConfig['servers'][number]
export type GroupConfig = ProjectConfig['groups'][number]
