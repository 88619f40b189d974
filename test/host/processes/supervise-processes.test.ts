import { describe, expect, it } from 'vitest'
import { superviseProcesses } from '../../../electron/host/processes/supervise-processes.ts'
import { noSecrets, type SecretStorage } from '../../../electron/host/service/interface/secret-storage.ts'
import type { EngineEvent } from '../../../shared/api/engine-api.ts'
import { playParts } from './fake-processes.ts'

const runId = '01K2ZQ6J8S3W5T7V9X1Z3B5D7F'
const choice = {
  config: 'shop/lockstep.yml',
  compose: { files: [], projectName: null, profiles: [], envFiles: null, folder: 'shop' },
}

describe('the supervisor of the parts', () => {
  it('carries requests to the engine and its replies back, whatever their order', async () => {
    const { engine, client } = open()
    const first = client.request('session.read', {})
    const second = client.request('run.list', {})
    const [one, two] = requestsOf(engine().received)
    engine().say({ type: 'reply', client: two?.client, id: two?.id, reply: { ok: true, value: 'second' } })
    engine().say({ type: 'reply', client: one?.client, id: one?.id, reply: { ok: true, value: 'first' } })
    expect(await Promise.all([first, second])).toEqual([
      { ok: true, value: 'first' },
      { ok: true, value: 'second' },
    ])
  })

  it('hands each event to the client that it is for, and to none that has closed', () => {
    const { engine, service } = open()
    const heard: EngineEvent[] = []
    const other = service.connect(event => void heard.push(event))
    const client = opensOf(engine().received).at(-1)
    engine().say({ type: 'event', client, event: { type: 'runs.changed' } })
    expect(heard).toEqual([{ type: 'runs.changed' }])
    other.close()
    engine().say({ type: 'event', client, event: { type: 'runs.changed' } })
    expect(heard).toHaveLength(1)
    expect(engine().received.at(-1)).toEqual({ type: 'close', client })
  })

  it('tells every client which run a lost engine cut off, answers what was asked, and starts another engine', async () => {
    const { engine, client, events, parts } = open()
    engine().say({ type: 'state', runId, choice })
    const asked = client.request('run.read', { runId })
    engine().exit('SIGKILL')
    expect(await asked).toEqual({ ok: false, failure: { kind: 'engine_gone', during: 'run.read' } })
    expect(events).toEqual([{ type: 'engine.ended', runId }])
    expect(parts).toHaveLength(2)
    expect(engine().argument).toMatchObject({ choice, readOnly: false })
    expect(opensOf(engine().received)).toEqual(opensOf(parts[0]?.received ?? []))
  })

  it('does not listen to an engine that it has given up', () => {
    const { engine, events, parts } = open()
    const lost = engine()
    lost.exit('SIGKILL')
    lost.say({ type: 'event', client: 1, event: { type: 'runs.changed' } })
    expect(parts).toHaveLength(2)
    expect(events).toEqual([{ type: 'engine.ended', runId: null }])
  })

  it('gives up on an engine that is lost five times within a minute, and then refuses every request', async () => {
    const { engine, client, parts, events } = open()
    for (let loss = 1; loss <= 5; loss += 1) engine().exit('exit code 1')
    expect(parts).toHaveLength(5)
    expect(events).toHaveLength(5)
    expect(await client.request('session.read', {})).toEqual({
      ok: false,
      failure: { kind: 'engine_gone', during: 'session.read' },
    })
  })

  it('starts the sandbox once, and tells a new engine where it is', () => {
    const { engine, sandboxes } = open()
    engine().say({ type: 'need_sandbox' })
    engine().say({ type: 'need_sandbox' })
    expect(sandboxes()).toHaveLength(1)
    sandboxes()[0]?.say({ type: 'progress', line: 'one' })
    sandboxes()[0]?.say({ type: 'ready', folder: 'sandbox/project' })
    expect(sandboxMessagesOf(engine().received)).toEqual([
      { type: 'progress', line: 'one' },
      { type: 'ready', folder: 'sandbox/project' },
    ])
    engine().exit('SIGKILL')
    expect(engine().argument).toMatchObject({ sandboxFolder: 'sandbox/project' })
    engine().say({ type: 'need_sandbox' })
    expect(sandboxes()).toHaveLength(1)
    expect(sandboxMessagesOf(engine().received)).toEqual([{ type: 'ready', folder: 'sandbox/project' }])
  })

  it('says why the sandbox went, also when it could not', () => {
    const { engine, sandboxes } = open()
    engine().say({ type: 'need_sandbox' })
    sandboxes()[0]?.exit('SIGKILL')
    expect(sandboxMessagesOf(engine().received)).toMatchObject([
      { type: 'failed', failure: { kind: 'sandbox_failed', problem: 'its process ended: SIGKILL' } },
    ])
    engine().say({ type: 'need_sandbox' })
    expect(sandboxes()).toHaveLength(2)
  })

  it('starts the sandbox again when it is asked for while a failed one is still going', () => {
    const { engine, sandboxes } = open()
    engine().say({ type: 'need_sandbox' })
    const failure = { kind: 'sandbox_failed', problem: 'no room', fix: 'make room' }
    sandboxes()[0]?.say({ type: 'failed', failure })
    engine().say({ type: 'need_sandbox' })
    expect(sandboxes()).toHaveLength(1)
    sandboxes()[0]?.exit('exit code 0')
    expect(sandboxes()).toHaveLength(2)
    expect(sandboxMessagesOf(engine().received)).toEqual([{ type: 'failed', failure }])
  })

  it('answers the engine about passwords from the storage of the shell, and an engine that is gone no more', async () => {
    const recalled = [{ server: 'primary', account: 'owner@db:5432', password: 'correct horse' }]
    const secrets: SecretStorage = { ...noSecrets, read: async () => recalled }
    const { engine } = open(secrets)
    engine().say({ type: 'need_secret', id: 7, asked: { ask: 'read', projectFile: 'shop/lockstep.yml' } })
    await settle()
    expect(secretsOf(engine().received)).toEqual([
      { type: 'secret', id: 7, answer: { answer: 'read', recalled } },
    ])
    engine().say({ type: 'need_secret', id: 8, asked: { ask: 'state' } })
    engine().exit('SIGKILL')
    await settle()
    expect(secretsOf(engine().received)).toEqual([])
    expect(JSON.stringify(engine().argument)).not.toContain('correct horse')
  })

  it('says where passwords belong where the shell remembers none', async () => {
    const { engine } = open()
    engine().say({ type: 'need_secret', id: 1, asked: { ask: 'state' } })
    await settle()
    expect(secretsOf(engine().received)).toMatchObject([
      { id: 1, answer: { state: { storage: 'unavailable', why: expect.stringContaining('PGPASSFILE') } } },
    ])
  })

  it('waits until the engine has undone its work, and ends the sandbox after it', async () => {
    const { engine, service, sandboxes, parts } = open()
    engine().say({ type: 'need_sandbox' })
    engine().say({ type: 'state', runId: '01RUN', choice: null })
    const ended: unknown[] = []
    const closing = service.close().then(run => ended.push(run))
    expect(engine().received.at(-1)).toEqual({ type: 'end', by: 'SIGTERM' })
    expect(sandboxes()[0]?.received).toEqual([])
    engine().say({ type: 'ended', run: { runId: '01RUN', outcome: 'terminated' } })
    await Promise.resolve()
    await new Promise(resolve => setImmediate(resolve))
    expect(engine().isStopped).toBe(true)
    expect(sandboxes()[0]?.received).toEqual([{ type: 'stop' }])
    expect(ended).toEqual([])
    sandboxes()[0]?.say({ type: 'ended' })
    await closing
    expect(ended).toEqual([{ runId: '01RUN', outcome: 'terminated' }])
    expect(parts).toHaveLength(2)
  })

  it('says that nobody knows how a run ended whose engine went without a word', async () => {
    const { engine, service } = open()
    engine().say({ type: 'state', runId: '01RUN', choice: null })
    const closing = service.close('SIGHUP')
    expect(engine().received.at(-1)).toEqual({ type: 'end', by: 'SIGHUP' })
    engine().exit('SIGKILL')
    expect(await closing).toEqual({ runId: '01RUN', outcome: null })
  })
})

function open(secrets?: SecretStorage) {
  const played = playParts()
  const service = superviseProcesses({
    start: played.start,
    options: { choice: null, readOnly: false },
    ...(secrets ? { secrets } : {}),
  })
  const events: EngineEvent[] = []
  const client = service.connect(event => void events.push(event))
  return { ...played, service, client, events }
}

function settle(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

function secretsOf(received: readonly unknown[]): readonly unknown[] {
  return (received as readonly { type: string }[]).filter(message => message.type === 'secret')
}

function requestsOf(received: readonly unknown[]) {
  return (received as readonly { type: string; client: number; id: number }[]).filter(
    message => message.type === 'request',
  )
}

function opensOf(received: readonly unknown[]): readonly number[] {
  return (received as readonly { type: string; client: number }[])
    .filter(message => message.type === 'open')
    .map(message => message.client)
}

function sandboxMessagesOf(received: readonly unknown[]): readonly unknown[] {
  return (received as readonly { type: string; message: unknown }[])
    .filter(message => message.type === 'sandbox')
    .map(({ message }) => message)
}
