import type { MigrateObserver } from '../../../engine/ports/migration-source.ts'
import type { SqlParser } from '../../../engine/ports/sql-parser.ts'
import type { PipelinedSession, SentStatement } from '../../../transactions/sql-session.ts'
import type { RecordedPart, Recording } from './recording.ts'

/** A recording, and which of its texts are exactly one statement: only those can be sent without waiting. */
export interface PreparedRecording {
  readonly recording: Recording
  readonly single: ReadonlySet<string>
}

/** Cuts nothing up: a text of several statements is sent as the driver sent it. */
export async function prepareRecording(
  recording: Recording,
  parser: Pick<SqlParser, 'describe'>,
): Promise<PreparedRecording> {
  const single = new Set<string>()
  for (const { text, values } of recording.parts.flatMap(part => part.wires)) {
    if (single.has(text)) continue
    // What has values was one statement already when it was recorded.
    if (values !== undefined || (await isSingle(text, parser))) single.add(text)
  }
  return { recording, single }
}

async function isSingle(text: string, parser: Pick<SqlParser, 'describe'>): Promise<boolean> {
  const found = await parser.describe(text)
  return found.length === 1 && found.every(statement => statement.problem === undefined)
}

interface Coming {
  readonly part: RecordedPart
  readonly wire: SentStatement
  readonly isLast: boolean
}

/** Sends the statements of a recording, in as few trips as the texts allow, and tells the observer of each. */
export async function sendParts(
  session: PipelinedSession,
  { recording, single }: PreparedRecording,
  observer: Pick<MigrateObserver, 'statement' | 'revisionApplied'>,
  note: (part: RecordedPart) => void,
): Promise<void> {
  const teller = createTeller(recording.parts, observer)
  await teller.tellApplied()
  const coming = recording.parts.flatMap(part =>
    part.wires.map((wire, index) => ({ part, wire, isLast: index === part.wires.length - 1 })),
  )
  for (const trip of cutIntoTrips(coming, single)) {
    let place = 0
    const onDone = (rowCount: number | null): void => {
      const done = trip[place]
      place += 1
      const next = trip[place]
      if (next) note(next.part)
      if (done) teller.done(done, rowCount)
    }
    const [first] = trip
    if (first) note(first.part)
    if (first && !single.has(first.wire.text)) onDone((await session.query(first.wire.text)).rowCount)
    else
      await session.send(
        trip.map(one => one.wire),
        onDone,
      )
    // What an observer throws ends the migration as an error of the server does.
    await teller.told()
  }
}

function cutIntoTrips(
  coming: readonly Coming[],
  single: ReadonlySet<string>,
): readonly (readonly Coming[])[] {
  const trips: Coming[][] = []
  for (const one of coming) {
    const last = trips.at(-1)
    const isAlone = !single.has(one.wire.text)
    const fits = last?.every(other => single.has(other.wire.text)) && last.length < mostInOneTrip
    if (last && fits && !isAlone) last.push(one)
    else trips.push([one])
  }
  return trips
}

const mostInOneTrip = 500

/** Tells of statements in order while further ones run. */
function createTeller(
  parts: readonly RecordedPart[],
  observer: Pick<MigrateObserver, 'statement' | 'revisionApplied'>,
) {
  let telling: Promise<void> = Promise.resolve()
  let since = performance.now()
  let rows: number | null = null
  let revision: string | null = null
  let index = 0
  let place = 0
  const tell = (what: () => Promise<void>): void => {
    telling = telling.then(what)
    telling.catch(() => undefined)
  }
  /** Marks of revisions stand between the statements. */
  const passMarks = (): void => {
    for (let part = parts[place]; part?.applied; part = parts[place]) {
      const { revision: applied } = part
      tell(() => observer.revisionApplied(applied))
      place += 1
    }
  }
  return {
    async tellApplied(): Promise<void> {
      passMarks()
      await telling
    },
    done({ part, isLast }: Coming, rowCount: number | null): void {
      rows = rowCount === null ? rows : (rows ?? 0) + rowCount
      if (!isLast) return
      if (part.shown !== null) {
        if (part.revision !== revision) index = 0
        revision = part.revision
        const facts = { revision: part.revision, index, sql: part.shown, rowCount: rows }
        const durationMs = performance.now() - since
        tell(() => observer.statement({ ...facts, durationMs }))
        index += 1
      }
      rows = null
      since = performance.now()
      place += 1
      passMarks()
    },
    told: (): Promise<void> => telling,
  }
}
