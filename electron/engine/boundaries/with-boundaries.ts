import { type BoundaryName, boundaries, type FaultPoint } from '../ports/boundaries.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import type { RunLogWriter } from '../ports/run-log.ts'
import { type BoundariesOf, boundaryTable, lentBoundaries } from './boundary-table.ts'
import { crossMigration } from './cross-migration.ts'

/** The same ports, which tell a fault point of each boundary that they cross. */
export function withBoundaries(ports: EnginePorts, pass: FaultPoint): EnginePorts {
  const wrap = <P extends keyof typeof boundaryTable>(name: P): EnginePorts[P] =>
    wrapPort<EnginePorts[P]>(ports[name], boundaryTable[name], pass)
  const locks = wrap('locks')
  const restores = wrap('restores')
  const store = wrap('store')
  return {
    ...ports,
    locks: {
      ...locks,
      acquire: async (...args) => {
        const lock = await locks.acquire(...args)
        return lock.acquired ? wrapPort(lock, lentBoundaries.lock, pass) : lock
      },
    },
    prepared: {
      ...wrap('prepared'),
      openSession: async (...args) =>
        wrapPort(await ports.prepared.openSession(...args), lentBoundaries.preparedSession, pass),
    },
    sessions: wrap('sessions'),
    source: { ...wrap('source'), migrate: crossMigration(ports.source, pass) },
    shadows: { withShadow: lendShadow(ports.shadows, pass) },
    rehearsals: wrap('rehearsals'),
    snapshots: wrap('snapshots'),
    restores: {
      ...restores,
      close: async (...args) => wrapPort(await restores.close(...args), lentBoundaries.closed, pass),
    },
    store: {
      ...store,
      create: async runId => withPassedEvents(await store.create(runId), pass),
      reopen: async runId => withPassedEvents(await store.reopen(runId), pass),
    },
  }
}

/** Says before and after each call of a member that crosses a boundary. */
function wrapPort<Port extends object>(port: Port, names: BoundariesOf<Port>, pass: FaultPoint): Port {
  const wrapped = new Map<PropertyKey, unknown>()
  for (const [member, name] of Object.entries(names)) {
    const value: unknown = Reflect.get(port, member)
    if (typeof value !== 'function') continue
    wrapped.set(member, (...args: unknown[]) => {
      const call = () => Reflect.apply(value, port, args)
      return isBoundary(name) ? cross(pass, name, call) : call()
    })
  }
  return new Proxy(port, {
    get: (target, member) => wrapped.get(member) ?? Reflect.get(target, member),
  })
}

async function cross<T>(pass: FaultPoint, name: BoundaryName, work: () => Promise<T>): Promise<T> {
  await pass('before', name)
  const result = await work()
  await pass('after', name)
  return result
}

function isBoundary(name: unknown): name is BoundaryName {
  return typeof name === 'string' && name in boundaries
}

/** A copy is made before it is lent, and dropped when it is given back. */
function lendShadow(shadows: EnginePorts['shadows'], pass: FaultPoint): EnginePorts['shadows']['withShadow'] {
  return async (request, use, signal) => {
    await pass('before', 'rehearsal.copy')
    const result = await shadows.withShadow(
      request,
      async shadow => {
        await pass('after', 'rehearsal.copy')
        try {
          return await use(shadow)
        } finally {
          await pass('before', 'rehearsal.drop')
        }
      },
      signal,
    )
    await pass('after', 'rehearsal.drop')
    return result
  }
}

/** Each event is a boundary of its own: what comes after it relies on its being on record. */
function withPassedEvents(log: RunLogWriter, pass: FaultPoint): RunLogWriter {
  return {
    runId: log.runId,
    close: () => log.close(),
    async append(fact, options) {
      await pass('before', fact.type)
      const event = await log.append(fact, options)
      await pass('after', fact.type)
      return event
    },
  }
}
