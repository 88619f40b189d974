import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type {
  RecalledSecret,
  SecretStorage,
} from '../../../electron/host/service/interface/secret-storage.ts'
import { withSandbox } from '../../support/with-sandbox.ts'
import { openService } from './service-bench.ts'

const compose = { ...process.env }

describe('a server that demands a password', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lockstep-secrets-'))
    process.env.PGPASSFILE = join(folder, 'pgpass')
    delete process.env.PGPASSWORD
  })
  afterEach(() => {
    process.env = { ...compose }
    rmSync(folder, { recursive: true, force: true })
  })

  it('lets the engine in as soon as its password is remembered, and not after it is forgotten', () =>
    withSandbox({ auth: 'scram', standbys: 0 }, async sandbox => {
      const { password } = sandbox.superuser
      const file = join(folder, 'lockstep.yml')
      const { host, port } = sandbox.primary
      mkdirSync(join(folder, 'migrations'))
      writeFileSync(
        file,
        [
          'version: 1',
          'project: shop',
          `servers: [{ name: primary, host: ${host}, port: ${port} }]`,
          "tenants: { databases: 'acme_*' }",
          'migrations: { sql: { folder: migrations } }',
          "groups: [{ name: all, tenants: '*' }]",
          '',
        ].join('\n'),
      )
      await sandbox.query('create database acme_1')
      const { service, client } = openService(file, folder, { secrets: playStorage() })
      try {
        const readTenants = async () => {
          const { topology } = await client.ask('topology.read', {})
          return topology?.tenants.map(tenant => tenant.name) ?? null
        }
        expect(await readTenants()).toBeNull()
        await client.ask('secret.write', { server: 'primary', password: 'a wrong one' })
        expect(await readTenants()).toBeNull()
        await client.ask('secret.write', { server: 'primary', password: password ?? '' })
        expect(await readTenants()).toEqual(['acme_1'])
        expect(JSON.stringify(client.events)).not.toContain(password)
        await client.ask('secret.forget', { server: 'primary' })
        expect(await readTenants()).toBeNull()
      } finally {
        await service.close()
      }
    }))
})

/** Remembers one password in memory. */
function playStorage(): SecretStorage {
  let kept: readonly RecalledSecret[] = []
  return {
    state: async () => ({ storage: 'available', why: '' }),
    read: async () => kept,
    write: async ({ server, account }, password) => {
      kept = [{ server, account, password }]
    },
    forget: async () => {
      kept = []
    },
  }
}
