import type { ReplayFacts, ReplayQuestion, StandbyReaders } from '../../../engine/ports/replay-facts.ts'
import type { ClientOptions } from '../session/database-client.ts'
import { findServer } from '../session/find-server.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { withClient } from '../session/with-client.ts'
import { selectReaders, selectReplaySettings } from './replay-readers.ts'

const asking: ClientOptions = {
  applicationName: 'lockstep foresight',
  statementTimeoutMs: 15_000,
  settings: { search_path: '', default_transaction_read_only: 'on' },
}

/** What exclusive locks will meet on the standbys. Reads only; holds nothing open by itself. */
export function createReplayFacts(servers: readonly ServerSettings[]): ReplayFacts {
  return {
    readReaders: (question, signal) => readReaders(findServer(servers, question.server), question, signal),
  }
}

/** Only databases in which a session holds a lock are asked: of hundreds of tenants these are few. */
async function readReaders(
  settings: ServerSettings,
  { relations }: ReplayQuestion,
  signal: AbortSignal,
): Promise<StandbyReaders> {
  const { databases, ...treatment } = await withClient(
    settings,
    settings.maintenanceDatabase,
    asking,
    selectReplaySettings,
    signal,
  )
  const queries: StandbyReaders['queries'][number][] = []
  for (const database of databases) {
    const wanted = relations.get(database) ?? []
    if (wanted.length === 0) continue
    queries.push(
      ...(await withClient(settings, database, asking, client => selectReaders(client, wanted), signal)),
    )
  }
  return { ...treatment, queries }
}
