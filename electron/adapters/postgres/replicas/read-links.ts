import type { ServerLinks, Subscription } from '../../../../shared/topology/discovered-project.ts'
import type { DatabaseClient } from '../session/database-client.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { withClient } from '../session/with-client.ts'
import {
  selectReceivers,
  selectSubscriptionSources,
  selectSubscriptions,
  selectWalSource,
} from './link-queries.ts'
import { parsePublisher } from './parse-publisher.ts'

const options = { applicationName: 'lockstep links', statementTimeoutMs: 5000 }

/** Says how a server stands to others: where its WAL comes from, who takes WAL from it, and what it subscribes to. */
export async function readLinks(settings: ServerSettings, signal: AbortSignal): Promise<ServerLinks> {
  const read = async (client: DatabaseClient): Promise<ServerLinks> => {
    const source = await selectWalSource(client)
    return {
      server: settings.name,
      upstream:
        source?.host && source.port
          ? {
              host: source.host,
              port: source.port,
              slot: source.slot,
              ...(source.applicationName === null ? {} : { applicationName: source.applicationName }),
            }
          : null,
      receivers: await selectReceivers(client),
      subscriptions: await readSubscriptions(client),
    }
  }
  return await withClient(settings, settings.maintenanceDatabase, options, read, signal)
}

/** Connection strings end here. */
async function readSubscriptions(client: DatabaseClient): Promise<readonly Subscription[]> {
  const subscriptions = await selectSubscriptions(client)
  if (subscriptions.length === 0) return []
  const sources = await selectSubscriptionSources(client)
  return subscriptions.map(({ name, database, enabled }) => {
    const found = sources?.find(one => one.name === name && one.database === database)
    const publisher = found ? parsePublisher(found.source) : null
    return {
      name,
      database,
      enabled,
      publisherHost: publisher?.host ?? null,
      publisherPort: publisher?.port ?? null,
      publisherDatabase: publisher?.database ?? null,
    }
  })
}
