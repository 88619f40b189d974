import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { withIdleDeadline } from '../../../electron/engine/context/with-idle-deadline.ts'
import { listUnproven } from '../../../electron/engine/verification/prove-rollback.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const settleSeconds = 10

function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const lose = (): void => reject(signal?.reason as Error)
    setTimeout(() => {
      signal?.removeEventListener('abort', lose)
      resolve()
    }, milliseconds)
    signal?.addEventListener('abort', lose)
  })
}

/** A fleet whose tenants take so long to answer; the silent ones never do. */
function fleet(names: readonly string[], answerMs: number, silent: readonly string[] = []) {
  const proven: { readonly tenant: string; readonly found: string }[] = []
  const tenants = names.map(name => ({ name, cluster: 'main', database: name, appRole: null }))
  const context = {
    runId: '01K2ZQ6J0000000000000000AA',
    config: { execution: { settleSeconds } },
    topology: { clusters: [{ name: 'main', primary: { server: 'primary' }, standbys: [] }], tenants },
    recorder: { tryRecord: async (fact: (typeof proven)[number]) => void proven.push(fact) },
    ports: {
      clock: { sleep: (milliseconds: number) => sleep(milliseconds) },
      prepared: { list: async () => [] },
      source: { readHeads: async () => ['0001'] },
      servers: {
        async fingerprint(_server: string, tenant: { readonly name: string }, signal: AbortSignal) {
          await sleep(silent.includes(tenant.name) ? 3_600_000 : answerMs, signal)
          return { hash: `of ${tenant.name}` }
        },
      },
    },
  } as unknown as Parameters<typeof listUnproven>[0]
  const expected = names.map(tenant => ({ tenant, fingerprint: `of ${tenant}`, heads: ['0001'] }))
  return { context, expected, proven }
}

describe('the proof that tenants are as they were', () => {
  it('is had of a large fleet that takes longer, as a whole, than a silent server is waited for', async () => {
    const names = Array.from({ length: 40 }, (_, at) => `tenant-${at}`)
    const { context, expected, proven } = fleet(names, 6_000)
    const unproven = listUnproven(context, expected)
    await vi.advanceTimersByTimeAsync((40 / 4) * 6_000 + 1_000)
    expect(await unproven).toEqual([])
    expect(proven).toHaveLength(40)
  })

  it('is not waited for longer than that once nobody answers any more', async () => {
    const { context, expected, proven } = fleet(['acorn', 'birch', 'cedar'], 1_000, ['birch'])
    const unproven = listUnproven(context, expected)
    await vi.advanceTimersByTimeAsync(1_000 + settleSeconds * 1_000 + 400)
    expect(await unproven).toEqual(['birch'])
    expect(proven.find(one => one.tenant === 'birch')?.found).toBe('unreadable')
  })
})

describe('an idle deadline', () => {
  it('begins again with each answer, and leaves no timer behind', async () => {
    const seen: boolean[] = []
    await withIdleDeadline(1, async ({ signal, renew }) => {
      await vi.advanceTimersByTimeAsync(900)
      renew()
      await vi.advanceTimersByTimeAsync(900)
      seen.push(signal.aborted)
      await vi.advanceTimersByTimeAsync(200)
      seen.push(signal.aborted)
    })
    expect(seen).toEqual([false, true])
    expect(vi.getTimerCount()).toBe(0)
  })
})
