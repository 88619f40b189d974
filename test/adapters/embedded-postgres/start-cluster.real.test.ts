import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { withSandbox } from '../../support/with-sandbox.ts'

test('starts a primary and two standbys of one cluster, and leaves no folder behind', async () => {
  const folder = await withSandbox({}, async sandbox => {
    const servers = [sandbox.primary, ...sandbox.standbys]
    const seen = await Promise.all(
      servers.map(server =>
        sandbox.query(
          'select pg_is_in_recovery() as standby, system_identifier from pg_control_system()',
          'postgres',
          server,
        ),
      ),
    )
    expect(seen.flat().map(row => row.standby)).toEqual([false, true, true])
    expect(new Set(seen.flat().map(row => row.system_identifier)).size).toBe(1)
    const streams = await sandbox.query('select application_name, state from pg_stat_replication order by 1')
    expect(streams).toEqual([
      { application_name: 'standby-1', state: 'streaming' },
      { application_name: 'standby-2', state: 'streaming' },
    ])
    return sandbox.folder
  })
  expect(existsSync(folder)).toBe(false)
})
