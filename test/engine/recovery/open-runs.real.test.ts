import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import type { EnginePorts } from '../../../electron/engine/ports/engine-ports.ts'
import type { RunEvent } from '../../../shared/run/run-event.ts'
import { lostConnection } from '../../support/engine-faults.ts'
import {
  type EngineFixture,
  eventsOf,
  openEngineFixture,
  type Settings,
} from '../../support/engine-fixture.ts'

let fixture: EngineFixture
beforeAll(async () => {
  fixture = await openEngineFixture()
})
afterAll(() => fixture?.close())
beforeEach(() => fixture.reset())

interface Answer {
  readonly exitCode: number | null
  readonly output: string
}

/** Calls the built command line, until it ends or kills itself. */
async function call(args: readonly string[], faultPoint?: string): Promise<Answer> {
  const child = spawn(process.execPath, [inject('launcher'), ...args, '--config', fixture.file], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      LOCKSTEP_STATE_DIR: fixture.stateFolder,
      ...(faultPoint ? { LOCKSTEP_FAULT: faultPoint } : {}),
    },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  const exitCode = await new Promise<number | null>(resolve => child.once('close', resolve))
  return { exitCode, output }
}

const run = ['run', '--yes', '--gates', 'revision_graph', '--quiet']

async function runUntilKilled(faultPoint: string, settings: Settings = {}): Promise<string> {
  fixture.writeProject(settings)
  expect(await call(run, faultPoint)).toMatchObject({ exitCode: null })
  const [newest] = await fixture.withPorts(({ store }) => store.list(), settings)
  return newest?.runId ?? ''
}

const logOf = (runId: string): string => join(fixture.stateFolder, 'runs', runId, 'events.jsonl')

/** Changes one letter in the first line of a kind, as a bad disk would. */
function damage(runId: string, type: RunEvent['type']): string {
  const text = readFileSync(logOf(runId), 'utf8')
  const at = text.indexOf(`"type":"${type}"`)
  expect(at).toBeGreaterThan(0)
  const damaged = `${text.slice(0, at + 9)}#${text.slice(at + 10)}`
  writeFileSync(logOf(runId), damaged)
  return damaged
}

describe('a run that left the fleet divided', () => {
  it('is open until a later run has put that right, for every verb alike', async () => {
    const settings = { vote: 'group' }
    const runId = await runUntilKilled('kill:after:tenant.voted:2', settings)
    expect(await call(['recover', '--quiet'])).toMatchObject({ exitCode: 6 })
    for (const args of [['status'], ['doctor']])
      expect((await call(args)).output).toContain(`lockstep recover ${runId}`)
    // Nothing has changed since, so that there is as much to do as before.
    expect(await call(['recover', '--quiet'])).toMatchObject({ exitCode: 6 })
    expect(await call(run)).toMatchObject({ exitCode: 0 })
    const size = readFileSync(logOf(runId)).length
    for (const args of [['recover'], ['recover', runId]]) {
      const { exitCode, output } = await call(args)
      expect(exitCode, output).toBe(0)
      expect(output).toContain('nothing to recover')
    }
    for (const args of [['status'], ['doctor']])
      expect((await call(args)).output).not.toContain('lockstep recover')
    expect(readFileSync(logOf(runId))).toHaveLength(size)
    await expect(fixture.recover(runId, { settings })).resolves.toMatchObject({ outcome: 'nothing_to_do' })
  })
})

describe('a cut-off run whose log is damaged', () => {
  it('is named by every verb, and settled by a recovery that proves where everybody is and keeps the evidence', async () => {
    const runId = await runUntilKilled('kill:after:tenant.started:1')
    const before = await fixture.read()
    const damaged = damage(runId, 'tenant.started')
    for (const args of [run, ['status'], ['doctor']]) {
      const { output, exitCode } = await call(args)
      expect(output, args.join(' ')).toContain(`lockstep recover ${runId}`)
      expect(output).toContain('is damaged: line')
      if (args !== run && args[0] === 'doctor') continue
      expect(exitCode).toBe(7)
    }
    const { exitCode, output } = await call(['recover'])
    expect(exitCode, output).toBe(5)
    expect(output).toContain('3 tenants proven to be as before')
    const kept = join(fixture.stateFolder, 'runs', runId, 'events.torn-1')
    expect(existsSync(kept)).toBe(true)
    expect(damaged.endsWith(readFileSync(kept, 'utf8'))).toBe(true)
    expect(await fixture.read()).toEqual(before)
    expect(await call(['log', runId, '--verify'])).toMatchObject({ exitCode: 0 })
    expect(await call(run)).toMatchObject({ exitCode: 0 })
  })

  it('is left to a person while votes of it are prepared, with their identifiers and what the sound part says', async () => {
    const runId = await runUntilKilled('kill:before:group.decided:1')
    const damaged = damage(runId, 'tenant.voted')
    const gids = await fixture.prepared()
    expect(gids).toHaveLength(3)
    const { exitCode, output } = await call(['recover'])
    expect(exitCode, output).toBe(6)
    for (const gid of gids) expect(output).toContain(String(gid))
    expect(output).toContain('a plan for 3 tenants, and no decision')
    expect(await fixture.prepared()).toEqual(gids)
    expect(readFileSync(logOf(runId), 'utf8')).toBe(damaged)
    for (const gid of gids)
      await fixture.sandbox.query(`rollback prepared '${gid}'`, String(gid).split(':').at(-1))
    expect(await call(['recover', '--quiet'])).toMatchObject({ exitCode: 5 })
    expect(await call(run)).toMatchObject({ exitCode: 0 })
  })

  it('before its plan is closed without a word about what it did, and the next run goes on', async () => {
    const runId = await runUntilKilled('kill:after:tenant.started:1')
    damage(runId, 'phase.started')
    const { exitCode, output } = await call(['recover'])
    expect(exitCode, output).toBe(6)
    expect(output).toContain('what it did is not known')
    expect(output).toContain('each of 3 tenants is at a known revision')
    expect(await call(run)).toMatchObject({ exitCode: 0 })
    expect(await call(['recover'])).toMatchObject({ exitCode: 0 })
  })
})

describe('the proof of a recovery', () => {
  const settings = { execution: { settleSeconds: 1 } }

  it('waits for the migrations to start before it counts how long a server is silent', async () => {
    const runId = await runUntilKilled('kill:before:group.decided:1', settings)
    const slow = (ports: EnginePorts): EnginePorts => {
      let starting: Promise<void> | null = null
      // As long as two patiences, like an interpreter on a busy machine.
      const start = (): Promise<void> => {
        starting ??= new Promise(resolve => setTimeout(resolve, 2_500))
        return starting
      }
      const { source } = ports
      return {
        ...ports,
        source: {
          ...source,
          describe: signal => start().then(() => source.describe(signal)),
          readHeads: (tenant, signal) => start().then(() => source.readHeads(tenant, signal)),
        },
      }
    }
    const recovered = await fixture.recover(runId, { settings, change: slow })
    expect(recovered).toMatchObject({ outcome: 'rolled_back', exitCode: 5 })
  })

  it('keeps what was answered last where a tenant could not be read', async () => {
    const runId = await runUntilKilled('kill:before:group.decided:1', settings)
    const silent = (ports: EnginePorts): EnginePorts => ({
      ...ports,
      source: { ...ports.source, readHeads: () => Promise.reject(lostConnection()) },
    })
    const recovered = await fixture.recover(runId, { settings, change: silent })
    expect(recovered).toMatchObject({ outcome: 'needs_human', exitCode: 6 })
    const proofs = eventsOf(recovered.events, 'rollback.proven')
    expect(proofs).toHaveLength(3)
    for (const proof of proofs) {
      expect(proof).toMatchObject({ equal: false, found: proof.before })
      expect(proof.why).toMatch(/the version table: .*primary/)
    }
    expect(await fixture.prepared()).toEqual([])
  })
})
