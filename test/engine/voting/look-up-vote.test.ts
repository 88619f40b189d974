import { describe, expect, it } from 'vitest'
import type { PreparedTransactions } from '../../../electron/engine/ports/servers.ts'
import { findVoteFate, readHeadsUntil } from '../../../electron/engine/voting/look-up-vote.ts'
import { LockstepError } from '../../../shared/failure/failure.ts'
import { makeFakeClock } from '../fake-clock.ts'

type Status = Awaited<ReturnType<PreparedTransactions['status']>>

const gid = 'lockstep:run:group:acorn'
const never = new AbortController().signal
const down = new LockstepError({ kind: 'server_unreachable', server: 'primary', endpoint: '', code: '' })
const future = new LockstepError({ kind: 'database_error', sqlstate: '22023', message: 'in the future' })

/** A server that answers one thing after another; the last answer stays. */
function look(
  answers: readonly { readonly status: Status | Error; readonly prepared?: boolean }[],
  vote: { readonly gid: string | null; readonly xid: string | null } = { gid, xid: '7' },
  deadline = never,
) {
  let round = 0
  const answer = () => answers[Math.min(round, answers.length - 1)]!
  const clock = makeFakeClock()
  const prepared: PreparedTransactions = {
    async status() {
      const { status } = answer()
      if (status instanceof Error) throw status
      return status
    },
    async list() {
      const listed = answer().prepared ? [{ gid, database: 'acorn', owner: '', xid: '7', ageSeconds: 0 }] : []
      return listed
    },
    openSession: () => Promise.reject(new Error('nothing is finished here')),
  }
  const ports = {
    prepared,
    clock: {
      ...clock,
      sleep: async (milliseconds: number, signal: AbortSignal) => {
        round += 1
        await clock.sleep(milliseconds, signal)
      },
    },
  }
  return findVoteFate(ports, { server: 'primary', ...vote }, deadline)
}

describe('a vote whose answer was lost', () => {
  it('is prepared when the server lists it', async () => {
    expect(await look([{ status: 'in progress', prepared: true }])).toBe('prepared')
  })

  it('is over when its transaction is over and the server does not list it', async () => {
    expect(await look([{ status: 'aborted' }])).toBe('over')
    expect(await look([{ status: 'committed' }])).toBe('over')
    expect(await look([{ status: 'unknown' }])).toBe('over')
  })

  it('is waited for while its backend is still at work', async () => {
    const working = { status: 'in progress' } as const
    expect(await look([working, working, { status: 'in progress', prepared: true }])).toBe('prepared')
    expect(await look([working, working, { status: 'aborted' }])).toBe('over')
  })

  it('is over when it never came to a transaction', async () => {
    expect(await look([{ status: down }], { gid: null, xid: null })).toBe('over')
    expect(await look([{ status: down }], { gid, xid: null })).toBe('over')
  })

  it('is over when the server lost it in a crash', async () => {
    expect(await look([{ status: future }])).toBe('over')
    expect(await look([{ status: future }], { gid: null, xid: '7' })).toBe('over')
  })

  it('is asked for again while the server is down', async () => {
    expect(await look([{ status: down }, { status: down }, { status: 'aborted' }])).toBe('over')
  })

  it('counts as running when nobody could be asked until the deadline', async () => {
    expect(await look([{ status: down }], { gid, xid: '7' }, AbortSignal.timeout(50))).toBe('running')
    expect(await look([{ status: 'in progress' }], { gid, xid: '7' }, AbortSignal.timeout(50))).toBe(
      'running',
    )
  })
})

describe('the heads of a tenant that may be down', () => {
  const tenant = { name: 'acorn', cluster: 'main', database: 'acorn', appRole: null }
  const read = (answers: (readonly string[] | Error)[], deadline = never) => {
    const readHeads = async () => {
      const answer = answers.length > 1 ? answers.shift() : answers[0]
      if (answer instanceof Error) throw answer
      return answer ?? []
    }
    const source = { readHeads } as unknown as Parameters<typeof readHeadsUntil>[0]['source']
    return readHeadsUntil({ source, clock: makeFakeClock() }, tenant, deadline)
  }

  it('are asked for until it answers', async () => {
    expect(await read([down, down, ['0002']])).toEqual(['0002'])
  })

  it('are null when it has not answered at the deadline', async () => {
    expect(await read([down], AbortSignal.timeout(50))).toBeNull()
  })
})
