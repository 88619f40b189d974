import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../electron/config/parse-config.ts'
import { type Failure, toFailure } from '../../shared/failure/failure.ts'

const config = `version: 1
protocol: policy/SKILL.md
servers:
  - name: primary
tenants:
  databases: "tenant_*"
groups:
  - name: canary
    tenants: tenant_a
  - name: rest
    tenants: "*"
    parallel: 2
migrations:
  sql: {}
gates:
  replica_lag:
    maxBytes: 1000
`

const protocol = (yaml: string): string =>
  `---\nname: ours\ndescription: How we migrate.\n---\n# Ours\n\`\`\`lockstep\n${yaml}\n\`\`\`\n`

const parse = (text: string, skill: string) =>
  parseConfig(text, 'shop/lockstep.yml', {
    env: () => undefined,
    file: path => (path === 'policy/SKILL.md' ? skill : undefined),
  })

function failureOf(text: string, skill: string): Failure {
  try {
    parse(text, skill)
  } catch (error) {
    return toFailure(error)
  }
  throw new Error('a failure was expected')
}

describe('a project with a protocol', () => {
  it('takes where from lockstep.yml, how from the protocol, and defaults for the rest', () => {
    const skill = protocol(
      'gates: { replica_lag: { requireStandbys: false } }\nvote: group\ngroups: { canary: { mode: independent }, rest: { onFailure: continue } }',
    )
    expect(parse(config, skill)).toMatchObject({
      vote: 'group',
      gates: { replica_lag: { maxBytes: 1000, requireStandbys: false }, capacity: { spareConnections: 3 } },
      groups: [
        { name: 'canary', mode: 'independent', parallel: 4 },
        { name: 'rest', mode: 'atomic', parallel: 2, onFailure: 'continue' },
      ],
    })
  })

  it.each<[what: string, yaml: string, found: object]>([
    [
      'a value that both set, with both places',
      'execution: {}\ngates:\n  replica_lag:\n    maxBytes: 1',
      {
        line: 10,
        column: 15,
        path: 'gates.replica_lag.maxBytes',
        problem: 'also set in shop/lockstep.yml:17: set it in one of the two',
      },
    ],
    [
      'a value of a group that both set',
      'groups:\n  rest: { parallel: 1 }',
      { line: 8, problem: 'also set in shop/lockstep.yml:12: set it in one of the two' },
    ],
    [
      'a group that is not there',
      'groups:\n  canari: { parallel: 1 }',
      { line: 8, column: 3, nearest: 'canary', problem: expect.stringContaining('no group "canari"') },
    ],
    ['a mistake of its own', 'gates: { replica_lg: {} }', { line: 7, nearest: 'replica_lag' }],
  ])('refuses %s', (_what, yaml, found) => {
    expect(failureOf(config, protocol(yaml))).toMatchObject({
      kind: 'config_invalid',
      file: 'shop/policy/SKILL.md',
      ...found,
    })
  })

  it('says at its own line that the protocol cannot be read', () => {
    expect(failureOf(config.replace('policy/SKILL.md', 'SKIL.md'), '')).toMatchObject({
      kind: 'config_invalid',
      file: 'shop/lockstep.yml',
      line: 2,
      problem: 'SKIL.md cannot be read',
    })
  })

  it('refuses a hook of lockstep.yml that contradicts itself, at its line', () => {
    const text = `${config}hooks:\n  executables:\n    - { name: a, command: [x], before: rollback }\n`
    expect(failureOf(text, protocol('vote: group'))).toMatchObject({
      file: 'shop/lockstep.yml',
      line: 20,
      path: 'hooks.executables.0.before',
    })
  })
})
