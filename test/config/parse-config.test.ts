import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../electron/config/parse-config.ts'
import { type Failure, toFailure } from '../../shared/failure/failure.ts'

const lookup = {
  env: (name: string) => ({ PORT: '6543', PASSWORD: 'hunter2' })[name],
  file: (path: string) => (path === './secret' ? 'hunter2\n' : undefined),
}

const minimal = `version: 1
servers:
  - name: primary
tenants:
  databases: "tenant_*"
migrations:
  sql: {}
`

const parse = (text: string) => parseConfig(text, 'lockstep.yml', lookup)

function failureOf(text: string): Failure {
  try {
    parse(text)
  } catch (error) {
    return toFailure(error)
  }
  throw new Error('a failure was expected')
}

describe('lockstep.yml', () => {
  it('names the misspelt key first when a key that is needed is missing because of it', () => {
    expect(failureOf(minimal.replace('servers:', 'servrs:'))).toMatchObject({
      line: 2,
      column: 1,
      problem: 'unknown key "servrs"',
      nearest: 'servers',
    })
  })

  it('needs only servers, tenants and migrations; everything else has a default', () => {
    expect(parse(minimal)).toMatchObject({
      project: 'project',
      vote: 'fleet',
      groups: [],
      servers: [{ name: 'primary', role: 'primary', cluster: 'main', database: 'postgres' }],
      migrations: { sql: { folder: 'migrations', versionTable: 'lockstep_version' } },
      execution: { lockTimeoutSeconds: 2, voteDeadlineSeconds: 120, allowUnvalidated: false },
      gates: { replica_lag: { maxBytes: 16_777_216, requireStandbys: true } },
    })
  })

  it('takes logical subscribers of a cluster that has a primary', () => {
    const subscribed = (cluster: string) =>
      minimal.replace(
        '- name: primary',
        `- name: primary
  - name: reports
    role: subscriber
    cluster: ${cluster}`,
      )
    expect(parse(subscribed('main')).servers[1]).toMatchObject({ name: 'reports', role: 'subscriber' })
    expect(failureOf(subscribed('other'))).toMatchObject({
      path: 'servers.1.cluster',
      problem:
        'no primary has the cluster "other": name the cluster that this subscriber takes its rows from',
    })
  })

  it('takes values from the environment and from files, as numbers too', () => {
    const text = minimal.replace(
      '- name: primary',
      `- name: primary
    port: \${env:PORT}
    password: \${file:./secret}`,
    )
    expect(parse(text).servers[0]).toMatchObject({ port: 6543, password: 'hunter2' })
  })

  it('understands anchors and merge keys', () => {
    const text = minimal.replace(
      '- name: primary',
      `- &base { name: primary, user: ada }
  - { <<: *base, name: standby, role: standby }`,
    )
    expect(parse(text).servers.map(server => [server.name, server.role, server.user])).toEqual([
      ['primary', 'primary', 'ada'],
      ['standby', 'standby', 'ada'],
    ])
  })
})

/** One mistake each: what is put in place of what, and where it must be found. */
const mistakes: readonly [
  what: string,
  text: string,
  place: { line: number; column: number; path: string; problem: RegExp; nearest?: string },
][] = [
  [
    'a misspelt key at the top',
    `${minimal}tenant: {}\n`,
    { line: 8, column: 1, path: 'tenant', problem: /unknown key "tenant"/, nearest: 'tenants' },
  ],
  [
    'a misspelt key of a server',
    minimal.replace('- name: primary', '- name: primary\n    prot: 5432'),
    { line: 4, column: 5, path: 'servers.0.prot', problem: /unknown key "prot"/, nearest: 'port' },
  ],
  [
    'a misspelt key deep inside',
    `${minimal}gates:\n  replica_lag:\n    maxByte: 1\n`,
    { line: 10, column: 5, path: 'gates.replica_lag.maxByte', problem: /unknown key/, nearest: 'maxBytes' },
  ],
  [
    'a misspelt setting of the execution',
    `${minimal}execution: { lockTimeOut: 2 }\n`,
    { line: 8, column: 14, path: 'execution.lockTimeOut', problem: /unknown key "lockTimeOut"/ },
  ],
  [
    'a key that is near to nothing',
    `${minimal}kubernetes: true\n`,
    { line: 8, column: 1, path: 'kubernetes', problem: /unknown key "kubernetes"/ },
  ],
  [
    'a wrong type',
    `${minimal}execution:\n  lockRetries: many\n`,
    { line: 9, column: 16, path: 'execution.lockRetries', problem: /number/ },
  ],
  [
    'a number out of range',
    minimal.replace('- name: primary', '- name: primary\n    port: 70000'),
    { line: 4, column: 11, path: 'servers.0.port', problem: /65535/ },
  ],
  [
    'a word that is none of the choices',
    `${minimal}vote: everybody\n`,
    { line: 8, column: 7, path: 'vote', problem: /fleet/ },
  ],
  [
    'another version',
    minimal.replace('version: 1', 'version: 2'),
    { line: 1, column: 10, path: 'version', problem: /1/ },
  ],
  [
    'no servers',
    minimal.replace('servers:\n  - name: primary', 'servers: []'),
    { line: 2, column: 10, path: 'servers', problem: /./ },
  ],
  [
    'a name with a colon',
    minimal.replace('name: primary', 'name: "a:b"'),
    { line: 3, column: 11, path: 'servers.0.name', problem: /use letters, digits/ },
  ],
  [
    'a reference that stands for nothing',
    minimal.replace('- name: primary', `- name: primary\n    password: \${env:NOTHING}`),
    { line: 4, column: 15, path: 'servers.0.password', problem: /\$\{env:NOTHING\} is not set here/ },
  ],
  [
    'two sources of migrations',
    minimal.replace('sql: {}', 'sql: {}\n  alembic: {}'),
    { line: 7, column: 8, path: 'migrations.sql', problem: /choose one of/ },
  ],
  [
    'no source of migrations',
    minimal.replace('  sql: {}', '  target: head'),
    { line: 7, column: 3, path: 'migrations', problem: /say where revisions come from/ },
  ],
  [
    'two ways to the URL',
    minimal.replace('sql: {}', 'alembic:\n    url: { env: URL, x: url }'),
    { line: 8, column: 10, path: 'migrations.alembic.url', problem: /exactly one/ },
  ],
  [
    'two ways to the tenants',
    minimal.replace('"tenant_*"', '"tenant_*"\n  query: select 1'),
    { line: 6, column: 10, path: 'tenants.query', problem: /choose one of/ },
  ],
  [
    'no way to the tenants',
    minimal.replace('databases: "tenant_*"', 'exclude: x'),
    { line: 5, column: 3, path: 'tenants', problem: /say which databases/ },
  ],
  [
    'a server named twice',
    minimal.replace('- name: primary', '- name: one\n  - name: one\n    role: standby'),
    { line: 4, column: 11, path: 'servers.1.name', problem: /named twice/ },
  ],
  [
    'a group named twice',
    `${minimal}groups:\n  - { name: a, tenants: x }\n  - { name: a, tenants: y }\n`,
    { line: 10, column: 13, path: 'groups.1.name', problem: /named twice/ },
  ],
  [
    'two primaries',
    minimal.replace('- name: primary', '- name: one\n  - name: two'),
    { line: 3, column: 3, path: 'servers', problem: /exactly one server with role: primary, it has 2/ },
  ],
  [
    'a cluster of standbys alone',
    minimal.replace('- name: primary', '- name: one\n  - { name: two, role: standby, cluster: other }'),
    { line: 3, column: 3, path: 'servers', problem: /cluster "other" needs exactly one .* it has 0/ },
  ],
  ['malformed YAML', 'version: 1\nservers: [\n', { line: 3, column: 1, path: '', problem: /./ }],
  [
    'a tab where spaces belong',
    'version: 1\nservers:\n\t- name: primary\n',
    { line: 3, column: 1, path: '', problem: /[Tt]ab/ },
  ],
  ['a key written twice', `${minimal}version: 1\n`, { line: 8, column: 1, path: '', problem: /unique/ }],
  ['an empty file', '', { line: 1, column: 1, path: '', problem: /empty/ }],
  ['only a comment', '# nothing yet\n', { line: 1, column: 1, path: '', problem: /empty/ }],
  ['a list', '- version: 1\n', { line: 1, column: 1, path: '', problem: /object|record/i }],
  [
    'schemas and shared tables at once',
    minimal.replace('databases: "tenant_*"', 'databases: shop\n  schemas: "t_*"\n  rls: {}\n  appRole: app'),
    { line: 7, column: 8, path: 'tenants.rls', problem: /schemas.*rows of shared tables.*choose one/ },
  ],
  [
    'shared tables without a role to log in as',
    minimal.replace('databases: "tenant_*"', 'databases: shop\n  rls: {}'),
    { line: 6, column: 8, path: 'tenants.rls', problem: /tenants\.appRole/ },
  ],
  [
    'a model without what it is made of',
    minimal.replace('databases: "tenant_*"', 'databases: shop\n  model: schema'),
    { line: 6, column: 10, path: 'tenants.model', problem: /need `schemas:`/ },
  ],
  [
    'a model that contradicts the other keys',
    minimal.replace('databases: "tenant_*"', 'databases: shop\n  model: database\n  schemas: "t_*"'),
    { line: 7, column: 12, path: 'tenants.schemas', problem: /the model is database/ },
  ],
  [
    'a setting that PostgreSQL would not take',
    minimal.replace('databases: "tenant_*"', 'databases: shop\n  appRole: app\n  rls: { setting: tenant }'),
    { line: 7, column: 19, path: 'tenants.rls.setting', problem: /with a dot/ },
  ],
  [
    'a schema for env.py where tenants are none',
    minimal.replace('sql: {}', 'alembic: { schema: { x: tenant } }'),
    { line: 7, column: 22, path: 'migrations.alembic.schema', problem: /tenants are no schemas/ },
  ],
  [
    'copies of a database that holds several tenants',
    `${minimal.replace('databases: "tenant_*"', 'databases: shop\n  schemas: "t_*"')}snapshots: { data: always }\n`,
    { line: 9, column: 20, path: 'snapshots.data', problem: /whole database/ },
  ],
  [
    'something allowed that is neither a role nor an object',
    `${minimal}gates: { tenant_isolation: { allow: [{ reason: because }] } }\n`,
    {
      line: 8,
      column: 38,
      path: 'gates.tenant_isolation.allow.0',
      problem: /which `role` or which `object`/,
    },
  ],
]

describe('a mistake in lockstep.yml', () => {
  it.each(mistakes)('is shown at its place: %s', (_what, text, { problem, ...place }) => {
    const failure = failureOf(text)
    expect(failure).toMatchObject({ kind: 'config_invalid', file: 'lockstep.yml', ...place })
    expect(failure.kind === 'config_invalid' && failure.problem).toMatch(problem)
  })

  it('is a variable as a shell writes it, and the right form is named', () => {
    const text = minimal.replace('- name: primary', `- name: primary\n    password: \${PASSWORD}`)
    expect(failureOf(text)).toMatchObject({
      line: 4,
      problem: `a variable of the environment is written \${env:PASSWORD} here`,
    })
  })

  it('never shows a value that came from the environment', () => {
    const text = minimal.replace('- name: primary', `- name: primary\n    port: \${env:PASSWORD}`)
    expect(JSON.stringify(failureOf(text))).not.toContain('hunter2')
  })
})
