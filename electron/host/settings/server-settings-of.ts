import type { ServerSettings } from '../../adapters/postgres/session/server-settings.ts'
import type { ProjectConfig, ServerConfig } from '../../config/project-config.ts'

/** Connection settings of the configured servers; they go to the adapters and nowhere else. */
export function serverSettingsOf(config: ProjectConfig): readonly ServerSettings[] {
  return config.servers.map(settingsOf)
}

/** Connection settings of a server that is reached at its host and port. */
export function settingsOf(server: ServerConfig): ServerSettings {
  return {
    name: server.name,
    cluster: server.cluster,
    declaredRole: server.role,
    ...(server.replay === undefined ? {} : { declaredReplay: server.replay }),
    host: server.host ?? '127.0.0.1',
    port: server.port ?? 5432,
    user: server.user ?? 'postgres',
    password: server.password ?? null,
    maintenanceDatabase: server.database,
    tls: server.tls,
  }
}
