import type { ProjectConfig, TenantsConfig } from './project-config.ts'

/** What a tenant is to PostgreSQL: a database, a schema, or rows of shared tables. */
export type TenancyModel = 'database' | 'schema' | 'shared'

/** The model that a project's file says, or that follows from its other keys. */
export function tenancyModelOf({ model, schemas, rls }: TenantsConfig): TenancyModel {
  if (model) return model
  if (rls) return 'shared'
  return schemas ? 'schema' : 'database'
}

/** Keys that contradict the model of tenants, by the path of the one to change; null when all is well. */
export function findModelProblem({
  tenants,
  migrations,
  snapshots,
}: Pick<ProjectConfig, 'tenants' | 'migrations' | 'snapshots'>): TenancyProblem | null {
  const problem = findTenancyProblem(tenants)
  if (problem) return { ...problem, path: ['tenants', ...problem.path] }
  const areSchemas = tenancyModelOf(tenants) === 'schema'
  if (migrations.alembic?.schema && !areSchemas)
    return {
      path: ['migrations', 'alembic', 'schema'],
      problem: 'it names a tenant’s schema to env.py, and tenants are no schemas: add `tenants.schemas`',
    }
  if (areSchemas && snapshots.data !== 'never')
    return {
      path: ['snapshots', 'data'],
      problem:
        'a copy is of a whole database, and restoring it would take every tenant in it along: with `tenants.schemas` it can only be `never`',
    }
  return null
}

/** A key to change, and why. */
interface TenancyProblem {
  readonly path: readonly string[]
  readonly problem: string
}

/** Keys under `tenants` that contradict each other, by the path of the one to change; null when all is well. */
function findTenancyProblem(tenants: TenantsConfig): TenancyProblem | null {
  const { model, schemas, rls, appRole } = tenants
  const at = (path: readonly string[], problem: string) => ({ path, problem })
  if (schemas && rls)
    return at(['rls'], 'tenants are schemas (`schemas:`) or rows of shared tables (`rls:`): choose one')
  if (model === 'schema' && !schemas)
    return at(['model'], 'tenants that are schemas need `schemas:`, such as schemas: "tenant_*"')
  if (model === 'shared' && !rls)
    return at(['model'], 'tenants that are rows of shared tables need `rls:`, at least rls: {}')
  if (model && model !== 'schema' && schemas)
    return at(['schemas'], `\`schemas\` is for model: schema, and the model is ${model}`)
  if (model && model !== 'shared' && rls)
    return at(['rls'], `\`rls\` is for model: shared, and the model is ${model}`)
  if (rls && !appRole)
    return at(
      ['rls'],
      'say as which role the application logs in: `tenants.appRole` (policies hold for roles)',
    )
  if (rls?.tenants && rls.query) return at(['rls', 'query'], 'choose one of `tenants` and `query`')
  return null
}
