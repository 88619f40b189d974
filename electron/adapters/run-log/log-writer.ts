import { LockstepError } from '../../../shared/failure/failure.ts'
import { eventVersion } from '../../../shared/run/event-spec.ts'
import type { RunEvent, RunEventType, RunFact } from '../../../shared/run/run-event.ts'
import type { RunLogWriter } from '../../engine/ports/run-log.ts'
import { describeEvent } from '../../events/describe-event.ts'
import { debug, describeError } from '../../output/debug-log.ts'
import { isDiskFull, unwritable } from './error-code.ts'
import { hashLine } from './hash-chain.ts'
import type { LogFile } from './log-file.ts'
import { disownLog } from './log-owner.ts'
import { releaseReserve } from './reserve-file.ts'
import type { RunPaths } from './run-paths.ts'
import type { LogPosition } from './scan-log.ts'

/** What may not begin any more once the disk was full: the reserve is for ending what has begun. */
const beginnings: ReadonlySet<RunEventType> = new Set<RunEventType>(['group.started', 'tenant.started'])

interface PendingAppend {
  readonly fact: RunFact
  readonly at: string
  readonly durable: boolean
  readonly resolve: (event: RunEvent) => void
  readonly reject: (error: unknown) => void
}

interface WriterOptions {
  readonly runId: string
  readonly paths: RunPaths
  readonly file: LogFile
  readonly position: LogPosition
  readonly now: () => Date
}

/**
 * Appends to one log, in the order of the calls.
 *
 * Appends that wait are written together and share one fdatasync. When the disk is full, the reserve is given back and
 * the write tried once more; from then on nothing new may begin, so that there is room to record the end.
 * When a sync fails nobody knows what is on disk, so nothing is appended any more.
 */
export class LogWriter implements RunLogWriter {
  readonly runId: string
  readonly #paths: RunPaths
  readonly #file: LogFile
  readonly #now: () => Date
  #position: LogPosition
  #pending: PendingAppend[] = []
  #isDraining = false
  #drained: Promise<void> = Promise.resolve()
  #isReserveGone = false
  #broken: LockstepError | null = null
  #isClosed = false

  constructor(options: WriterOptions) {
    this.runId = options.runId
    this.#paths = options.paths
    this.#file = options.file
    this.#position = options.position
    this.#now = options.now
  }

  append(fact: RunFact, options: { readonly durable?: boolean } = {}): Promise<RunEvent> {
    const refusal = this.#refuse(fact)
    if (refusal !== null) return Promise.reject(refusal)
    return new Promise((resolve, reject) => {
      const at = this.#now().toISOString()
      this.#pending.push({ fact, at, durable: options.durable === true, resolve, reject })
      if (!this.#isDraining) this.#drained = this.#drain()
    })
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    try {
      while (this.#isDraining) await this.#drained
      if (this.#broken === null) await this.#file.sync()
    } catch (error) {
      throw unwritable(this.#paths.events, error)
    } finally {
      await this.#file.close()
      await releaseReserve(this.#paths.reserve)
      await disownLog(this.#paths.owner)
    }
  }

  #refuse(fact: RunFact): LockstepError | null {
    if (this.#broken !== null) return this.#broken
    const file = this.#paths.events
    if (this.#isClosed) return new LockstepError({ kind: 'log_unwritable', file, code: 'closed' })
    if (this.#isReserveGone && beginnings.has(fact.type)) {
      return new LockstepError({ kind: 'log_unwritable', file, code: 'ENOSPC' })
    }
    return null
  }

  async #drain(): Promise<void> {
    this.#isDraining = true
    while (this.#pending.length > 0) {
      const batch = this.#pending
      this.#pending = []
      try {
        const events = await this.#store(batch)
        for (const event of events)
          debug('run', () => `${this.runId} #${event.seq} ${event.type}: ${describeEvent(event)}`)
        for (const [index, event] of events.entries()) batch[index]?.resolve(event)
      } catch (error) {
        debug('run', () => `${this.#paths.events} cannot be written: ${describeError(error)}`)
        const failure = unwritable(this.#paths.events, error)
        for (const append of batch) append.reject(failure)
      }
    }
    this.#isDraining = false
  }

  async #store(batch: readonly PendingAppend[]): Promise<readonly RunEvent[]> {
    if (this.#broken !== null) throw this.#broken
    const { events, bytes, position } = this.#encode(batch)
    await this.#write(bytes)
    this.#position = position
    if (batch.some(append => append.durable)) await this.#sync()
    return events
  }

  #encode(batch: readonly PendingAppend[]) {
    const events: RunEvent[] = []
    const lines: Buffer[] = []
    let position = this.#position
    for (const { fact, at } of batch) {
      const event: RunEvent = { v: eventVersion, runId: this.runId, seq: position.seq + 1, at, ...fact }
      const line = Buffer.from(JSON.stringify({ ...event, prev: position.headHash }))
      events.push(event)
      lines.push(line, Buffer.from('\n'))
      position = { offset: position.offset + line.length + 1, seq: event.seq, headHash: hashLine(line) }
    }
    return { events, bytes: Buffer.concat(lines), position }
  }

  async #write(bytes: Uint8Array): Promise<void> {
    try {
      await this.#file.append(bytes)
    } catch (error) {
      await this.#takeBack()
      if (!isDiskFull(error) || !(await this.#useReserve())) throw error
      await this.#file.append(bytes).catch(async (again: unknown) => {
        await this.#takeBack()
        throw again
      })
    }
  }

  /** Half a line must not stay: the next append would be glued to it. */
  async #takeBack(): Promise<void> {
    try {
      await this.#file.truncate(this.#position.offset)
    } catch (error) {
      this.#broken = unwritable(this.#paths.events, error)
      throw this.#broken
    }
  }

  async #useReserve(): Promise<boolean> {
    this.#isReserveGone = true
    return releaseReserve(this.#paths.reserve)
  }

  async #sync(): Promise<void> {
    try {
      await this.#file.sync()
    } catch (error) {
      this.#broken = unwritable(this.#paths.events, error)
      throw this.#broken
    }
  }
}
