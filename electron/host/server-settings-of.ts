import type { ProjectConfig } from '../../shared/config/project-config.ts'
import type { ServerSettings } from '../adapters/postgres/server-settings.ts'

/** Connection settings of the configured servers; they go to the adapters and nowhere else. */
export function serverSettingsOf(config: ProjectConfig): readonly ServerSettings[] {
  return config.servers.map(server => ({
    name: server.name,
    cluster: server.cluster,
    declaredRole: server.role,
    host: server.host ?? '127.0.0.1',
    port: server.port ?? 5432,
    user: server.user ?? 'postgres',
    password: server.password ?? null,
    maintenanceDatabase: server.database,
    tls: server.tls,
  }))
}
