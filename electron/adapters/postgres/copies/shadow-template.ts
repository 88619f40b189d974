import { LockstepError } from '../../../../shared/failure/failure.ts'
import { formatBytes } from '../../../../shared/text/plain-words.ts'
import { pause } from '../../../lib/throw-if-aborted.ts'
import { quoteIdentifier } from '../../../sql/quote-identifier.ts'
import { selectCapacity } from '../gates/gate-capacity.ts'
import { measureFreeDisk } from '../gates/gate-facts-free-disk.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { endPooledSessions } from '../session/session-pool.ts'
import type { ShadowWork } from './shadow-database.ts'
import { type ShadowSource, selectShadowSource } from './shadow-queries.ts'

/** A database accepts no connections while it is copied: without being asked for all data, only what is copied in a moment is. */
const largestUnasked = 512 * 1024 ** 2
/** Above this a copy goes past the WAL, which standbys would have to replay block by block. */
const largestLogged = 256 * 1024 ** 2
const spare = 256 * 1024 ** 2
const timeoutMs = 4_000

/** Copies a whole database with everything in it, where no session is connected to it. */
export async function copyShadowByTemplate(
  settings: ServerSettings,
  database: string,
  { keeper, source, name }: ShadowWork,
  wantsAllData: boolean,
  signal: AbortSignal,
): Promise<void> {
  refuseCreation(source)
  if (source.prepared > 0) throw refusal('a prepared transaction is open in the database')
  if (!wantsAllData && source.bytes > largestUnasked) {
    throw refusal(
      `the database has ${formatBytes(source.bytes)}, and connections are refused while it is copied; rehearsal.data: full asks for it`,
    )
  }
  await refuseFullDisk(keeper, source)
  await waitForOurOwn(settings, database, { keeper, source, name }, signal)
  const strategy = source.version >= 150_000 && source.bytes > largestLogged ? ' strategy file_copy' : ''
  await keeper.query(
    `create database ${quoteIdentifier(name)} template ${quoteIdentifier(database)}${strategy}`,
  )
}

/** Says what the server would say, before anything is tried. */
export function refuseCreation({ mayCreate }: ShadowSource): void {
  if (!mayCreate) throw refusal('the role may not create databases (createdb)')
}

async function refuseFullDisk(keeper: ShadowWork['keeper'], { bytes }: ShadowSource): Promise<void> {
  const { dataDirectory, startedAt } = await selectCapacity(keeper)
  const free = await measureFreeDisk(dataDirectory, startedAt)
  // The copy, and the WAL of making it.
  const needed = bytes * 2 + spare
  if (free === null || free >= needed) return
  throw refusal(`a copy needs ${formatBytes(needed)} of disk, and ${formatBytes(free)} are free`)
}

/** Sessions of our own that wait for their next use go away within seconds; sessions of others stay. */
async function waitForOurOwn(
  settings: ServerSettings,
  database: string,
  { keeper, source }: ShadowWork,
  signal: AbortSignal,
): Promise<void> {
  await endPooledSessions(settings, database)
  const until = Date.now() + timeoutMs
  for (let { connected } = source; connected.length > 0; ) {
    const others = connected.filter(name => !name.startsWith('lockstep'))
    if (others.length > 0) throw refusal(describeConnected(others))
    if (Date.now() > until) throw refusal(describeConnected(connected))
    await pause(100, signal)
    connected = (await selectShadowSource(keeper, database))?.connected ?? []
  }
}

function describeConnected(names: readonly string[]): string {
  const who = [...new Set(names.filter(name => name !== ''))]
  const named = who.length === 0 ? '' : ` (${who.slice(0, 3).join(', ')})`
  return `${names.length === 1 ? 'a session is' : `${names.length} sessions are`} connected to the database${named}`
}

function refusal(problem: string): LockstepError {
  return new LockstepError({ kind: 'usage', problem, fix: '' })
}
