import type { EnginePorts } from '../../electron/engine/ports/engine-ports.ts'
import type { MigrateRequest, MigrateResult } from '../../electron/engine/ports/migration-source.ts'
import type { RunLogWriter } from '../../electron/engine/ports/run-log.ts'
import type { PreparedTransactionSession } from '../../electron/engine/ports/servers.ts'
import { LockstepError } from '../../shared/failure/failure.ts'
import type { RunFact } from '../../shared/run/run-event.ts'

/** What a broken connection looks like. */
export function lostConnection(): LockstepError {
  return new LockstepError({ kind: 'connection_lost', server: 'primary', during: 'a test' })
}

/** Puts a fault into every connection that finishes prepared transactions. */
export function changeFinishers(
  change: (real: PreparedTransactionSession, tenant: string) => Partial<PreparedTransactionSession>,
) {
  return (ports: EnginePorts): EnginePorts => ({
    ...ports,
    prepared: {
      ...ports.prepared,
      openSession: async (server, tenant, signal) => {
        const real = await ports.prepared.openSession(server, tenant, signal)
        return { ...real, ...change(real, tenant.name) }
      },
    },
  })
}

type Migrate = EnginePorts['source']['migrate']

/** Puts a fault around the migration of a tenant. */
export function changeMigrate(
  change: (
    real: Migrate,
    request: MigrateRequest,
    ...rest: Tail<Parameters<Migrate>>
  ) => Promise<MigrateResult>,
) {
  return (ports: EnginePorts): EnginePorts => {
    const real: Migrate = (...args) => ports.source.migrate(...args)
    return {
      ...ports,
      source: { ...ports.source, migrate: (request, ...rest) => change(real, request, ...rest) },
    }
  }
}

type Tail<T extends readonly unknown[]> = T extends readonly [unknown, ...infer Rest] ? Rest : never

/** Does something after a fact was stored, before the engine hears that it was. */
export function afterFact(matches: (fact: RunFact) => boolean, act: () => Promise<void>) {
  return (log: RunLogWriter): RunLogWriter => ({
    runId: log.runId,
    close: () => log.close(),
    async append(fact, options) {
      const event = await log.append(fact, options)
      if (matches(fact)) await act()
      return event
    },
  })
}

/** A log whose disk is gone from the append with this number on, counted from 1. */
export function unwritableFrom(number: number) {
  return (log: RunLogWriter): RunLogWriter => {
    let appends = 0
    return {
      runId: log.runId,
      close: () => log.close(),
      append(fact, options) {
        appends += 1
        if (appends >= number) return Promise.reject(diskGone())
        return log.append(fact, options)
      },
    }
  }
}

/** A failing sync: the fact may be on disk, and from here on nothing can be written any more. */
export function failingSyncAt(matches: (fact: RunFact) => boolean) {
  return (log: RunLogWriter): RunLogWriter => {
    let broken = false
    return {
      runId: log.runId,
      close: () => log.close(),
      async append(fact, options) {
        if (broken) throw diskGone()
        const event = await log.append(fact, options)
        if (!matches(fact)) return event
        broken = true
        throw diskGone()
      },
    }
  }
}

function diskGone(): LockstepError {
  return new LockstepError({ kind: 'log_unwritable', file: 'events.jsonl', code: 'EIO' })
}
