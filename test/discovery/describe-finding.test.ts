import { describe, expect, it } from 'vitest'
import { describeTopologyFinding } from '../../shared/topology/describe-finding.ts'
import type { FindingFact } from '../../shared/topology/discovered-project.ts'

/** The compiler asks for a sample of every kind. */
const samples: { readonly [Kind in FindingFact['kind']]: readonly Extract<FindingFact, { kind: Kind }>[] } = {
  declared_not_observed: [
    { kind: 'declared_not_observed', state: 'absent' },
    { kind: 'declared_not_observed', state: 'denied' },
    { kind: 'declared_not_observed', state: 'silent' },
    { kind: 'declared_not_observed', state: 'connected' },
  ],
  role_differs: [
    { kind: 'role_differs', declared: 'primary', observed: 'standby', why: 'it is called db-primary' },
  ],
  other_cluster: [{ kind: 'other_cluster', expected: 'db', systemIdentifier: '7421' }],
  timeline_differs: [{ kind: 'timeline_differs', primary: 2, server: 1 }],
  not_streaming: [
    { kind: 'not_streaming', receiver: null },
    { kind: 'not_streaming', receiver: 'waiting' },
  ],
  replay_paused: [
    { kind: 'replay_paused', state: 'pause requested' },
    { kind: 'replay_paused', state: 'paused' },
  ],
  cascade: [{ kind: 'cascade', from: 'replica-1' }],
  unknown_receiver: [
    { kind: 'unknown_receiver', applicationName: 'pg_receivewal', clientAddress: '10.0.0.9' },
    { kind: 'unknown_receiver', applicationName: '', clientAddress: null },
  ],
  subscriber: [{ kind: 'subscriber', from: 'db', subscriptions: ['orders', 'users'] }],
  pooler: [{ kind: 'pooler', image: 'edoburu/pgbouncer' }],
  several_primaries: [{ kind: 'several_primaries', cluster: 'main', servers: ['db', 'replica'] }],
  no_primary: [{ kind: 'no_primary', cluster: 'main' }],
  unreachable: [
    {
      kind: 'unreachable',
      failure: { kind: 'server_unreachable', server: 'db', endpoint: 'db:5432', code: 'ECONNREFUSED' },
    },
    {
      kind: 'unreachable',
      failure: {
        kind: 'no_way_to_server',
        server: 'db',
        tried: [{ way: 'published_port', outcome: 'no port is published' }],
      },
    },
  ],
  not_running: [
    { kind: 'not_running', state: 'exited' },
    { kind: 'not_running', state: 'missing' },
  ],
  unhealthy: [{ kind: 'unhealthy', health: 'unhealthy' }],
  restarted: [
    { kind: 'restarted', restarts: 1 },
    { kind: 'restarted', restarts: 4 },
  ],
  not_declared: [{ kind: 'not_declared' }],
  image_differs: [{ kind: 'image_differs', declared: 'postgres:18', observed: 'postgres:17' }],
  project_name_shared: [{ kind: 'project_name_shared', folders: ['/one', '/two'] }],
  compose_warning: [{ kind: 'compose_warning', problem: 'TAG is not set', at: 'compose.yml:3:5' }],
  several_migrations: [{ kind: 'several_migrations', places: ['app:/a/alembic.ini', 'alembic.ini'] }],
}

describe('a finding in words', () => {
  it.each(Object.entries(samples))('says what is so, and what to do, of %s', (_kind, facts) => {
    for (const what of facts) {
      const words = describeTopologyFinding({ severity: 'problem', subject: 'replica', what })
      expect(words).toMatchSnapshot()
      expect(words.what).toMatch(/\S/)
      expect(`${words.what} ${words.fix}`).not.toMatch(/undefined|null|\[object|\n|!| {2}/)
    }
  })

  it('stays on its line, whatever a name holds', () => {
    const { what } = describeTopologyFinding({
      severity: 'note',
      subject: 'db\u001b[31m',
      what: { kind: 'cascade', from: 'a\nb' },
    })
    expect(what).toBe('Standby db [31m takes its WAL from standby a b.')
  })
})
