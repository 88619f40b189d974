import type { SecretServer, SecretState } from '../../../shared/api/secret-state.ts'

/** A server with what is known about its password. */
export interface ServerPassword extends SecretServer {
  readonly isRemembered: boolean
}

/** The servers of the project in its own order. */
export function listServers({ servers, remembered }: SecretState): readonly ServerPassword[] {
  const names = new Set(remembered.map(one => one.server))
  return servers.map(server => ({ ...server, isRemembered: names.has(server.server) }))
}

/** Whether a password is remembered, and whether it is the one that counts. */
export function sayPassword({ isRemembered, isConfigured }: ServerPassword): string {
  if (isConfigured)
    return isRemembered
      ? 'A password is remembered, and not used: the project file gives one.'
      : 'The project file gives a password, which comes first.'
  return isRemembered ? 'A password is remembered.' : 'No password is remembered.'
}

/** As whom a server is asked. */
export function sayUser({ user }: SecretServer): string {
  return user === null ? 'as the user that its container names' : `as ${user}`
}
