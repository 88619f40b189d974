import type { ServerLinks } from '../../../shared/topology/discovered-project.ts'
import type { ServerObservation } from '../../../shared/topology/topology.ts'
import { createPostgres, type Postgres } from '../../adapters/postgres/create-postgres.ts'
import type { ServerSettings } from '../../adapters/postgres/session/server-settings.ts'
import { openSessionPool } from '../../adapters/postgres/session/session-pool.ts'
import type { ServerConfig } from '../../config/project-config.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import type { ComposeEnvironment } from '../docker/open-compose-environment.ts'
import { reachServers } from '../docker/reach-servers.ts'
import { findCopies } from './find-copies.ts'
import type { ServerCandidate } from './observe-services.ts'

/** What the servers themselves said. */
export interface SurveyedServers {
  readonly observations: readonly ServerObservation[]
  readonly links: readonly ServerLinks[]
}

/** A candidate as a project file would declare it. */
export function declareServer(candidate: ServerCandidate): ServerConfig {
  const { name, service, number, role } = candidate
  return {
    name,
    service,
    ...(number === null ? {} : { number }),
    role: role.declared ?? 'primary',
    cluster: 'main',
    database: 'postgres',
    tls: 'disable',
  }
}

/** Lends connections to the candidates, kept until the end of the work. */
export async function withServers<T>(
  candidates: readonly ServerCandidate[],
  compose: ComposeEnvironment,
  use: (postgres: Postgres, settings: readonly ServerSettings[]) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const copies = findCopies(candidates, compose)
  const reached = await reachServers(candidates.map(declareServer), copies, compose, signal)
  const sessions = openSessionPool(reached)
  try {
    return await use(createPostgres(sessions.servers), sessions.servers)
  } finally {
    await sessions.close()
  }
}

/** Asks every server what it is and whom it takes WAL from; one that cannot be asked is an observation too. */
export async function surveyServers(
  postgres: Postgres,
  settings: readonly ServerSettings[],
  signal: AbortSignal,
): Promise<SurveyedServers> {
  const asked = await mapConcurrently(settings, 8, async ({ name }) => {
    const observation = await postgres.servers.observe(name, signal)
    const links = observation.role === 'unreachable' ? null : await readLinksQuietly(postgres, name, signal)
    return { observation, links }
  })
  return {
    observations: asked.map(one => one.observation),
    links: asked.flatMap(one => one.links ?? []),
  }
}

/** A login that may not look at replication, or a server that has just gone: then nothing is known of its links. */
async function readLinksQuietly(
  postgres: Postgres,
  server: string,
  signal: AbortSignal,
): Promise<ServerLinks | null> {
  try {
    return await postgres.servers.readLinks(server, signal)
  } catch (error) {
    if (signal.aborted) throw error
    return null
  }
}
