import { expect, inject } from 'vitest'
import { type DevCompose, withDevCompose } from '../support/dev-compose.ts'
import { needs } from '../support/needs.ts'
import { runCommand } from '../support/run-command.ts'
import { waitUntil } from '../support/wait-until.ts'

const it = needs('docker', 'docker compose')

it('docker-compose.dev.yml gives a primary, three standbys, three tenants and an Alembic project, and goes without a trace', async () => {
  const name = await withDevCompose({ label: 'dev-compose' }, async project => {
    const followers = 'select application_name from pg_stat_replication order by 1'
    const ask = (service: string, query: string): Promise<string> => askServer(project, service, query)
    await waitUntil(
      async () => (await ask('primary', followers)) === 'standby-1\nstandby-2',
      'two standbys on the primary',
    )
    await waitUntil(async () => (await ask('standby-1', followers)) === 'standby-3', 'the cascade')
    expect(await ask('primary', tenants)).toBe('tenant_ash\ntenant_birch\ntenant_cedar')
    await expect(
      project.compose(
        'exec',
        '-T',
        'primary',
        'psql',
        '-U',
        'tenant_ash',
        '-d',
        'tenant_birch',
        '-c',
        'select 1',
      ),
    ).rejects.toThrow('permission denied for database')
    expect(await ask('standby-3', 'select pg_is_in_recovery()')).toBe('t')
    expect(await ask('standby-3', 'show max_prepared_transactions')).toBe('64')

    expect(Object.keys(project.ports).sort()).toEqual(['primary', 'standby-1'])
    // A standby without a port is reached inside its container only, not from its neighbours.
    await expect(
      project.compose('exec', '-T', 'primary', 'pg_isready', '-q', '-h', 'standby-2'),
    ).rejects.toThrow('exit 2')

    const alembic = (...args: string[]): Promise<string> =>
      project.compose('exec', '-T', 'app', '/srv/venv/bin/alembic', ...args)
    expect(await alembic('heads')).toContain('c27fa9e4d815 (head)')
    await alembic('upgrade', 'head')
    expect(await alembic('current')).toContain('c27fa9e4d815 (head)')

    // A second start finds its data and clones nothing again.
    await project.compose('restart', 'standby-2')
    await project.compose('up', '-d', '--wait')
    expect((await project.compose('logs', '--no-log-prefix', 'standby-2')).match(/^cloning/gm)).toHaveLength(
      1,
    )
    await waitUntil(
      async () => (await ask('primary', followers)) === 'standby-1\nstandby-2',
      'the standby to follow again',
    )
    return project.projectName
  })

  const host = inject('docker')?.host ?? ''
  for (const kind of [
    ['ps', '-aq'],
    ['volume', 'ls', '-q'],
    ['network', 'ls', '-q'],
  ]) {
    const filter = ['--filter', `label=com.docker.compose.project=${name}`]
    expect(await runCommand('docker', ['-H', host, ...kind, ...filter])).toBe('')
  }
})

const tenants = "select datname from pg_database where datname like 'tenant%' order by 1"

async function askServer(project: DevCompose, service: string, query: string): Promise<string> {
  return (await project.compose('exec', '-T', service, 'psql', '-U', 'postgres', '-Atc', query)).trim()
}
