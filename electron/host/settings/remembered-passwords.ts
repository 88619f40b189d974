import { hasPasswordElsewhere } from '../../adapters/postgres/session/find-password.ts'
import type { ServerSettings } from '../../adapters/postgres/session/server-settings.ts'
import type { ServerConfig } from '../../config/project-config.ts'

/** A password that this machine remembers, and the account that it is for. */
export interface RememberedPassword {
  readonly account: string
  readonly password: string
}

/** Remembered passwords by the name of their server. A map: it is not written as JSON by mistake. */
export type RememberedPasswords = ReadonlyMap<string, RememberedPassword>

/** Who is meant, and where: a project file that names another host does not get the password of the first one. */
export function accountOf({ user, service, number, host, port }: ServerConfig): string {
  const place =
    service === undefined ? `${host ?? '127.0.0.1'}:${port ?? 5432}` : `service ${service} ${number ?? 1}`
  return `${user ?? (service === undefined ? 'postgres' : '')}@${place}`
}

/** Gives servers their remembered password, where neither the project file nor libpq's own sources have one. */
export async function fillPasswords(
  servers: readonly ServerSettings[],
  configs: readonly ServerConfig[],
  remembered: RememberedPasswords = new Map(),
): Promise<readonly ServerSettings[]> {
  if (remembered.size === 0) return servers
  return Promise.all(
    servers.map(async settings => {
      const config = configs.find(one => one.name === settings.name)
      const known = remembered.get(settings.name)
      if (!known || !config || known.account !== accountOf(config)) return settings
      if (await hasPasswordElsewhere(settings)) return settings
      return { ...settings, password: known.password }
    }),
  )
}
