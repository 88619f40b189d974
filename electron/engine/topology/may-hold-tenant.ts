import type { ProjectConfig } from '../../config/project-config.ts'
import { matchNames } from './match-names.ts'

/** A database of a server. */
export interface Place {
  readonly server: string
  readonly database: string
}

/** Whether a configuration may mean a database as a tenant's, where nobody has found the tenants: a query says it only to a server that answers. */
export function mayHoldTenant({ database }: Place, { tenants }: Pick<ProjectConfig, 'tenants'>): boolean {
  return tenants.query !== undefined || matchNames([database], tenants.databases ?? []).length > 0
}
