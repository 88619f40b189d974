import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRunStore } from '../../electron/adapters/run-log/run-store.ts'
import type { PreparedTransactions } from '../../electron/engine/ports/servers.ts'
import { changeMigrate } from '../support/engine-faults.ts'
import { type EngineFixture, eventsOf, openEngineFixture } from '../support/engine-fixture.ts'

let fixture: EngineFixture
let copy: string
beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), 'lockstep-copy-'))
  fixture = await openEngineFixture()
})
afterAll(async () => {
  await fixture?.close()
  rmSync(copy, { recursive: true, force: true })
})

/** What recovery finds after a crash: the log as it is at this moment, without a process that writes it, and the lock free. */
async function takeForDead(): Promise<void> {
  cpSync(join(fixture.stateFolder, 'runs'), copy, {
    recursive: true,
    filter: path => !path.includes('owner'),
  })
  await fixture.sandbox.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'lockstep run %'",
  )
}

/** Tells when recovery has seen a transaction that has not ended. */
function tellWhoIsAtWork(prepared: PreparedTransactions, seenAtWork: () => void): PreparedTransactions {
  return {
    ...prepared,
    async status(...asked) {
      const status = await prepared.status(...asked)
      if (status === 'in progress') seenAtWork()
      return status
    },
  }
}

describe('a runner that outlives its engine', () => {
  it('and prepares only while recovery is at work is waited for, and rolled back with the others', async () => {
    const before = await fixture.read()
    const store = createRunStore(copy)
    let recovering: ReturnType<EngineFixture['recover']> | null = null
    const change = changeMigrate(async (real, request, observer, signal) => {
      if (request.tenant.name !== 'cedar') return real(request, observer, signal)
      // No engine is left that could stop this runner once the run lock is lost.
      const nobody = new AbortController().signal
      const late: typeof observer = {
        ...observer,
        async readyToVote(inspection) {
          const answer = await observer.readyToVote(inspection)
          await takeForDead()
          const [dead] = await store.list()
          await new Promise<void>((seenAtWork, failed) => {
            recovering = fixture.recover(dead?.runId ?? '', {
              change: ports => ({ ...ports, store, prepared: tellWhoIsAtWork(ports.prepared, seenAtWork) }),
            })
            recovering.then(() => failed(new Error('recovery did not wait')), failed)
          })
          return answer
        },
      }
      const result = await real(request, late, nobody)
      // The engine is dead for good: what it would do with the vote comes too late.
      await recovering
      return result
    })
    const run = await fixture.run({ change })
    const recovered = await (recovering as unknown as ReturnType<EngineFixture['recover']>)
    expect(recovered).toMatchObject({ outcome: 'rolled_back', exitCode: 5 })
    const settled = eventsOf(await store.read(run.runId), 'recovery.settled')
    expect(settled.map(({ tenant, how }) => [tenant, how]).sort()).toEqual([
      ['acorn', 'rolled_back'],
      ['birch', 'rolled_back'],
      ['cedar', 'rolled_back'],
    ])
    expect(await fixture.prepared()).toEqual([])
    expect(await fixture.read()).toEqual(before)
  })
})
