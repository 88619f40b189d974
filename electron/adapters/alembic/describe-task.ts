import type { PlannedStep } from '../../../shared/plan/plan.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import type { MigrateRequest } from '../../engine/ports/migration-source.ts'
import { guardRowsSql, insertShowsRowsSql } from '../../sql/guard-rows.ts'
import type { InspectionReader } from '../../transactions/sql-session.ts'
import type { AlembicOptions, InspectionQueries, TenantServer } from './alembic-options.ts'
import { resolveIniFile } from './open-runtime.ts'
import type { RunnerTask } from './runner-connection.ts'

/** The inspection's statements, however they were given. */
export function statementsOf({ statements }: InspectionQueries): InspectionReader['statements'] {
  return (tenant, wants = {}) =>
    typeof statements === 'function'
      ? statements(tenant, { withFiles: wants.withFiles ?? false })
      : statements
}

/** A migration as the runner is asked for it. */
export function describeMigration(
  request: MigrateRequest,
  inspection: InspectionQueries | null,
  acceptsHiddenRows: (step: PlannedStep) => boolean,
): Readonly<Record<string, unknown>> {
  return {
    from: request.from,
    steps: request.steps.map(step => ({
      revision: step.revision,
      checksum: step.checksum,
      file: step.file,
      direction: step.direction ?? 'up',
      acceptsHiddenRows: acceptsHiddenRows(step),
    })),
    transactional: request.transactional,
    lockTimeoutMs: Math.round(request.lockTimeoutMs),
    statementTimeoutMs: Math.round(request.statementTimeoutMs),
    gid: request.gid,
    rowGuard: guardRowsSql(request.transactional ? 'transaction' : 'session'),
    insertGuard: insertShowsRowsSql('%(target)s', '%(calls)s'),
    inspection: inspection
      ? statementsOf(inspection)(request.tenant, { withFiles: request.guard !== undefined })
      : [],
    guard: request.guard ?? [],
    trace: request.trace ?? null,
    probeAfter: request.probeAfter ?? null,
    isOnCopy: request.isOnCopy ?? false,
  }
}

/** The project, as the runner is told of it. */
export function describeProject(options: AlembicOptions): Readonly<Record<string, unknown>> {
  const urlDelivery = options.urlDelivery ?? { kind: 'ini' }
  const section = (urlDelivery.kind === 'env' ? urlDelivery.section : undefined) ?? options.section ?? null
  const { driver = null, xArguments = {}, schemaArgument = null } = options
  return { iniFile: resolveIniFile(options), section, urlDelivery, driver, xArguments, schemaArgument }
}

/** A request to the runner about one tenant. */
export function tenantTask(
  op: string,
  tenant: Tenant,
  server: TenantServer,
  rest: Readonly<Record<string, unknown>>,
): RunnerTask {
  const { host, port, user, password, tls, systemIdentifier = null } = server
  const name = server.name ?? `${host}:${port}`
  const request = {
    op,
    tenant: tenant.name,
    database: tenant.database,
    schema: tenant.schema ?? null,
    server: { name, host, port, user, password, tls, systemIdentifier },
    ...rest,
  }
  return { request, tenant: tenant.name, secrets: password ? [password] : [] }
}
