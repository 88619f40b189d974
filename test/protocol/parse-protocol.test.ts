import { describe, expect, it } from 'vitest'
import { listProse } from '../../electron/protocol/list-prose.ts'
import { parseProtocol } from '../../electron/protocol/parse-protocol.ts'
import { type Failure, toFailure } from '../../shared/failure/failure.ts'

const lookup = {
  env: (name: string) => ({ HEALTH: 'https://example.org/health' })[name],
  file: () => undefined,
}

const front = `---
name: careful
description: How we migrate.
---

# Careful

Read this first.
`

const reference = (name: string): string => `\${env:${name}}`

const block = (yaml: string, kind = 'lockstep'): string => `\`\`\`${kind}\n${yaml}\n\`\`\`\n`

const parse = (text: string) => parseProtocol(text, 'SKILL.md', lookup)

function failureOf(text: string): Failure {
  try {
    parse(text)
  } catch (error) {
    return toFailure(error)
  }
  throw new Error('a failure was expected')
}

describe('a protocol', () => {
  it('is front matter, prose and blocks of settings', () => {
    const protocol = parse(`${front}
## Safety gate validation

Standbys keep up.

${block('gates:\n  replica_lag:\n    maxBytes: 1000')}
## Execution

${block('execution: { lockTimeoutSeconds: 1 }\ngroups:\n  canary: { parallel: 1 }')}`)
    expect(protocol).toMatchObject({ name: 'careful', description: 'How we migrate.' })
    expect(protocol.settings.value).toEqual({
      gates: { replica_lag: { maxBytes: 1000 } },
      execution: { lockTimeoutSeconds: 1 },
      groups: { canary: { parallel: 1 } },
    })
    expect(protocol.settings.placeOf(['gates', 'replica_lag', 'maxBytes'])).toEqual({
      file: 'SKILL.md',
      line: 17,
      column: 15,
    })
  })

  it('gives the prose of each phase to whoever shows it, with what stands deeper, and without settings', () => {
    const protocol = parse(`${front}
## Smoke test

Look at the shop.

${block('smokeTests: { isolation: true }')}
### By hand

Buy a book.

\`\`\`sh
curl example.org
\`\`\`

## Planning

Plan on Monday.

## Who to call

Nobody.
`)
    expect(listProse(protocol)).toEqual([
      { phase: 'planning', heading: 'Planning', prose: 'Plan on Monday.' },
      {
        phase: 'smoke_test',
        heading: 'Smoke test',
        prose: 'Look at the shop.\n\n### By hand\n\nBuy a book.\n\n```sh\ncurl example.org\n```',
      },
    ])
    expect(protocol.sections.map(({ heading, phase }) => [heading, phase])).toEqual([
      ['Careful', null],
      ['Smoke test', 'smoke_test'],
      ['By hand', 'smoke_test'],
      ['Planning', 'planning'],
      ['Who to call', null],
    ])
  })

  it('reads line ends of Windows, a byte order mark, and references', () => {
    const text = `${front}${block(`hooks:\n  http:\n    - { name: up, before: approval, url: "${reference('HEALTH')}" }`)}`
    expect(parse(`\uFEFF${text.replaceAll('\n', '\r\n')}`).settings.value).toMatchObject({
      hooks: { http: [{ url: 'https://example.org/health' }] },
    })
  })

  it.each([
    ['inside a longer fence', '````md\n```lockstep\nnonsense: 1\n```\n````\n'],
    ['in a comment', '<!-- not yet\n```lockstep\nnonsense: 1\n```\n-->\n'],
    ['of another kind', '```yaml\nnonsense: 1\n```\n'],
  ])('does not execute a block %s', (_what, text) => {
    expect(parse(`${front}${text}`).settings.value).toEqual({})
  })
})

describe('a mistake in a protocol', () => {
  it.each<[what: string, text: string, found: object]>([
    ['no front matter', '# Title\n', { line: 1, problem: expect.stringContaining('front matter') }],
    ['front matter without an end', '---\nname: a\n', { line: 1, problem: /no end/ }],
    [
      'an unknown key in the front matter',
      '---\nname: a\ndescripton: b\n---\n',
      { line: 3, column: 1, nearest: 'description' },
    ],
    ['a missing description', '---\nname: a\n---\n', { path: 'description' }],
    [
      'two blocks of one name',
      `${front}${block('vote: group')}\n${block('execution: {}\nvote: fleet')}`,
      { line: 15, column: 1, problem: 'two blocks of one name: "vote" is set in line 10 too' },
    ],
    [
      'a key twice in one block',
      `${front}${block('vote: group\nvote: fleet')}`,
      { line: 11, problem: /unique/ },
    ],
    [
      'an unknown part',
      `${front}${block('gate:\n  replica_lag: {}')}`,
      { line: 10, column: 1, problem: 'unknown key "gate"', nearest: 'gates' },
    ],
    [
      'an unknown key deep inside',
      `${front}${block('gates:\n  replica_lag:\n    maxByte: 1')}`,
      { line: 12, column: 5, path: 'gates.replica_lag.maxByte', nearest: 'maxBytes' },
    ],
    [
      'an unknown key of a group',
      `${front}${block('groups:\n  canary:\n    parralel: 1')}`,
      { line: 12, column: 5, nearest: 'parallel' },
    ],
    ['a wrong type', `${front}${block('vote: everybody')}`, { line: 10, column: 7, path: 'vote' }],
    [
      'where things are, which belongs to lockstep.yml',
      `${front}${block('servers: []')}`,
      { line: 10, problem: 'unknown key "servers"' },
    ],
    ['text that is not YAML', `${front}${block('gates: [')}`, { line: 10 }],
    ['an empty block', `${front}${block('')}`, { line: 10, problem: /empty/ }],
    ['a block of a list', `${front}${block('- gates')}`, { line: 10, problem: /list/ }],
    ['a block without a heading', `---\nname: a\ndescription: b\n---\n${block('vote: group')}`, { line: 5 }],
    [
      'a misspelt kind of block',
      `${front}${block('vote: group', 'lockstp')}`,
      { line: 9, problem: /did you mean/ },
    ],
    ['a kind in capitals', `${front}${block('vote: group', 'Lockstep')}`, { line: 9, problem: /Lockstep/ }],
    ['a kind with more words', `${front}${block('vote: group', 'yaml lockstep')}`, { line: 9 }],
    ['an indented block', `${front}- first\n\n  \`\`\`lockstep\n  vote: group\n  \`\`\`\n`, { line: 11 }],
    ['a quoted block', `${front}> \`\`\`lockstep\n> vote: group\n> \`\`\`\n`, { line: 9 }],
    ['a block without an end', `${front}\`\`\`lockstep\nvote: group\n`, { line: 9, problem: /no end/ }],
    [
      'an open fence that would swallow a block',
      `${front}\`\`\`sh\nls\n\n${block('vote: group')}`,
      { line: 12, problem: /begins in line 9/ },
    ],
    ['an open comment', `${front}<!-- \n${block('vote: group')}`, { line: 9, problem: /-->/ }],
    [
      'a reference that stands for nothing',
      `${front}${block(`hooks:\n  http:\n    - { name: up, before: approval, url: "${reference('NOWHERE')}" }`)}`,
      { line: 12, problem: expect.stringContaining(reference('NOWHERE')) },
    ],
    [
      'aliases that multiply',
      `${front}${block(
        'waivers: &a [1,1,1,1,1,1,1,1,1,1]\nlint: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nhooks: &c [*b,*b,*b,*b,*b,*b,*b,*b]\ndrift: [*c,*c,*c,*c,*c,*c,*c,*c,*c]',
      )}`,
      { line: 10, problem: /alias/i },
    ],
  ])('is shown at its place: %s', (_what, text, found) => {
    const expected = Object.fromEntries(
      Object.entries(found).map(([key, value]) => [
        key,
        value instanceof RegExp ? expect.stringMatching(value) : value,
      ]),
    )
    expect(failureOf(text)).toMatchObject({ kind: 'config_invalid', file: 'SKILL.md', ...expected })
  })
})

describe('a hook that contradicts itself is refused', () => {
  const hook = (fields: string): string =>
    `${front}${block(`hooks:\n  executables:\n    - { name: a, command: [check], ${fields} }`)}`
  it.each([
    ['without a moment', 'per: run', /say when/],
    ['with two moments', 'before: approval, after: planning', /exactly one/],
    ['before undoing', 'before: rollback', /nothing may hold up undoing/],
    ['per tenant before any is known', 'before: topology_discovery, per: tenant', /no tenant is known/],
    ['per group before the plan', 'after: topology_discovery, per: group', /no group is known/],
    ['per group before planning', 'before: planning, per: group', /no group is known/],
  ])('%s', (_what, fields, problem) => {
    expect(failureOf(hook(fields))).toMatchObject({
      kind: 'config_invalid',
      line: 12,
      problem: expect.stringMatching(problem),
    })
  })

  it('when two of a kind have one name, and an assertion before any tenant is known', () => {
    expect(
      failureOf(
        `${front}${block(
          'hooks:\n  sql:\n    - { name: a, after: approval, sql: select true }\n    - { name: a, after: planning, sql: select true }',
        )}`,
      ),
    ).toMatchObject({ line: 13, problem: 'this hook is named twice' })
    expect(
      failureOf(
        `${front}${block('hooks:\n  sql:\n    - { name: a, before: topology_discovery, sql: select true }')}`,
      ),
    ).toMatchObject({ problem: expect.stringContaining('no tenant is known') })
  })
})
