import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { answerSecret } from '../../../electron/host/processes/answer-secret.ts'
import { linkSecrets } from '../../../electron/host/processes/link-secrets.ts'
import type { SecretStorage } from '../../../electron/host/service/interface/secret-storage.ts'
import { loadProject } from '../../../electron/host/settings/load-project.ts'
import { reachProject } from '../../../electron/host/wiring/reach-project.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { openService } from './service-bench.ts'

const password = 'correct horse battery'
const server = 'primary'

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-secrets-'))
  file = join(folder, 'lockstep.yml')
  declare('host: 127.0.0.1, port: 1, user: owner')
  vi.stubEnv('PGPASSFILE', join(folder, 'pgpass'))
  vi.stubEnv('PGPASSWORD', undefined)
})
afterEach(() => {
  // Never another object in its place: the files that share this process would set variables that have no effect.
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

describe('remembered passwords', () => {
  it('are kept for a server of the project, said to be kept, and forgotten', async () => {
    const storage = playStorage()
    const { service, client } = openService(file, folder, { secrets: storage })
    const none = {
      storage: 'available',
      why: '',
      servers: [{ server, user: 'owner', isConfigured: false }],
      remembered: [],
    }
    expect(await client.ask('secret.state', {})).toEqual(none)
    const kept = { ...none, remembered: [{ server, user: 'owner' }] }
    expect(await client.ask('secret.write', { server, password })).toEqual(kept)
    expect(storage.kept).toEqual([{ projectFile: file, server, account: 'owner@127.0.0.1:1', password }])
    expect(await client.ask('secret.state', {})).toEqual(kept)
    expect(client.events.filter(event => event.type === 'topology.changed')).toHaveLength(1)
    expect(await client.ask('secret.forget', { server })).toEqual(none)
    expect(storage.kept).toEqual([])
    await service.close()
  })

  it('appear in no reply, no event and no file, also when servers are asked with them', async () => {
    const { service, client } = openService(file, folder, { secrets: playStorage() })
    const replies: unknown[] = [
      await client.ask('secret.write', { server, password }),
      await client.ask('session.read', {}),
      await client.ask('overview.read', {}),
      await client.ask('topology.read', {}),
      await client.refusal('plan.make', { target: [], tenants: [] }),
      await client.ask('secret.state', {}),
    ]
    await waitUntil(() => client.events.some(event => event.type === 'topology.changed'), 'the event')
    await service.close()
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    const said = JSON.stringify([replies, client.events, files])
    expect(said).toContain('owner')
    expect(said).not.toContain(password)
  })

  it('are not said back by a storage that fails', async () => {
    const broken: SecretStorage = {
      ...playStorage(),
      write: (_place, given) => Promise.reject(new Error(`cannot keep ${given}`)),
    }
    const { service, client } = openService(file, folder, { secrets: broken })
    const failure = await client.refusal('secret.write', { server, password })
    expect(failure).toMatchObject({ kind: 'not_possible', action: 'remember a password' })
    expect(JSON.stringify(failure)).not.toContain(password)
    await service.close()
  })

  it('are refused in a browser session, which says where passwords belong', async () => {
    const { service, client } = openService(file, folder)
    const state = await client.ask('secret.state', {})
    expect(state).toMatchObject({
      storage: 'unavailable',
      why: 'a browser session keeps no passwords: use ~/.pgpass, PGPASSFILE or PGPASSWORD',
    })
    const failure = await client.refusal('secret.write', { server, password })
    expect(failure).toMatchObject({
      reason: 'A browser session keeps no passwords: use ~/.pgpass, PGPASSFILE or PGPASSWORD.',
    })
    await service.close()
  })

  it('are refused for a server that the project does not have', async () => {
    const storage = playStorage()
    const { service, client } = openService(file, folder, { secrets: storage })
    const failure = await client.refusal('secret.write', { server: 'other', password })
    expect(failure).toMatchObject({ reason: 'The project has no server other.' })
    expect(storage.kept).toEqual([])
    await service.close()
  })

  it('of another user or another host of the same name are not used', async () => {
    const storage = playStorage()
    const { service, client } = openService(file, folder, { secrets: storage })
    await client.ask('secret.write', { server, password })
    declare('host: elsewhere.example, port: 1, user: owner')
    expect(await client.ask('secret.state', {})).toMatchObject({ remembered: [] })
    await service.close()
    expect(await reachedPassword('owner@127.0.0.1:1')).toBeNull()
  })
})

describe('the password of a server', () => {
  it('is the remembered one where there is no other', async () => {
    expect(await reachedPassword()).toBe(password)
  })

  it('is that of the project file where it gives one', async () => {
    declare('host: 127.0.0.1, port: 1, user: owner, password: declared')
    expect(await reachedPassword()).toBe('declared')
  })

  it('is left to PGPASSWORD and to the password file where they have one', async () => {
    vi.stubEnv('PGPASSWORD', 'from the environment')
    expect(await reachedPassword()).toBeNull()
    vi.stubEnv('PGPASSWORD', undefined)
    writeFileSync(join(folder, 'pgpass'), '127.0.0.1:1:acorn:owner:from a file\n', { mode: 0o600 })
    expect(await reachedPassword()).toBeNull()
    writeFileSync(join(folder, 'pgpass'), '127.0.0.1:1:acorn:other:from a file\n', { mode: 0o600 })
    expect(await reachedPassword()).toBe(password)
  })
})

describe('the storage of the shell', () => {
  it('is the same to the engine across their processes', async () => {
    const storage = playStorage()
    const linked = linkSecrets((id, asked) => {
      // Messages are JSON.
      const crossed = JSON.parse(JSON.stringify(asked))
      void answerSecret(storage, crossed).then(answer => linked.onMessage(id, answer))
    })
    const place = { projectFile: file, server, account: 'owner@127.0.0.1:1' }
    expect(await linked.state()).toEqual({ storage: 'available', why: '' })
    await linked.write(place, password)
    expect(await linked.read(file)).toEqual([{ server, account: place.account, password }])
    await linked.forget(file, server)
    expect(await linked.read(file)).toEqual([])
  })

  it('keeps to itself why it failed', async () => {
    const reject = (): Promise<never> => Promise.reject(new Error(`no room for ${password}`))
    const broken: SecretStorage = { state: reject, read: reject, write: reject, forget: reject }
    const answers: unknown[] = []
    const linked = linkSecrets((id, asked) => {
      void answerSecret(broken, asked).then(answer => {
        answers.push(answer)
        linked.onMessage(id, answer)
      })
    })
    const place = { projectFile: file, server, account: '' }
    await expect(linked.write(place, password)).rejects.toThrow('could not be changed')
    await expect(linked.forget(file, server)).rejects.toThrow('could not be changed')
    expect(await linked.read(file)).toEqual([])
    expect(await linked.state()).toMatchObject({ storage: 'unavailable' })
    expect(JSON.stringify(answers)).not.toContain(password)
  })
})

function declare(server: string): void {
  writeFileSync(
    file,
    [
      'version: 1',
      'project: shop',
      `servers: [{ name: primary, ${server} }]`,
      "tenants: { databases: 'acme_*' }",
      'migrations: { sql: { folder: migrations } }',
      "groups: [{ name: all, tenants: '*' }]",
      '',
    ].join('\n'),
  )
}

async function reachedPassword(account = 'owner@127.0.0.1:1'): Promise<string | null> {
  const project = loadProject(file, folder)
  const remembered = new Map([[server, { account, password }]])
  const reached = await reachProject({ ...project, remembered })
  await reached.close()
  return reached.servers[0]?.password ?? null
}

/** A storage in memory. */
function playStorage() {
  const kept: { projectFile: string; server: string; account: string; password: string }[] = []
  const forget = async (projectFile: string, name: string): Promise<void> => {
    const index = kept.findIndex(one => one.projectFile === projectFile && one.server === name)
    if (index >= 0) kept.splice(index, 1)
  }
  return {
    kept,
    state: async () => ({ storage: 'available', why: '' }) as const,
    read: async (projectFile: string) =>
      kept
        .filter(one => one.projectFile === projectFile)
        .map(({ server: name, account, password: secret }) => ({ server: name, account, password: secret })),
    write: async (place: { projectFile: string; server: string; account: string }, secret: string) => {
      await forget(place.projectFile, place.server)
      kept.push({ ...place, password: secret })
    },
    forget,
  } satisfies SecretStorage & { readonly kept: unknown }
}
