import type { ServerSettings } from './server-settings.ts'

/** The servers that the adapters of a project know. A scratch server is one of them for as long as it is lent. */
export interface ServerDirectory {
  /** As they are now: an adapter that is given the list sees who joins and leaves. */
  readonly servers: readonly ServerSettings[]
  /** Adds a server, and gives the way to take it out again. */
  join(server: ServerSettings): () => void
}

/** Makes the directory of a project's own servers. */
export function openServerDirectory(own: readonly ServerSettings[]): ServerDirectory {
  const servers = [...own]
  return {
    servers,
    join(server) {
      servers.push(server)
      return () => {
        const index = servers.indexOf(server)
        if (index >= 0) servers.splice(index, 1)
      }
    },
  }
}
