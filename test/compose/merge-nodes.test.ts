import { describe, expect, it } from 'vitest'
import type { ComposeService } from '../../electron/compose/nodes/compose-project.ts'
import { readTexts } from '../support/read-compose-text.ts'

const indent = (lines: string) => lines.trim().split('\n').join('\n    ')
const files = ['/shop/compose.yml', '/shop/over.yml']

function merge(base: string, over: string): Partial<ComposeService> | undefined {
  const texts = {
    'compose.yml': `services:\n  a:\n    image: x\n    ${indent(base)}\n  b:\n    image: y\n`,
    'over.yml': `services:\n  a:\n    ${indent(over)}\nvolumes: {vol: {}}\nnetworks: {n: {}}\nsecrets: {s: {file: s}}\n`,
  }
  return readTexts(texts, { files }).services.a
}

describe('a later file is laid over an earlier one', () => {
  it.each<[string, string, string, Partial<ComposeService>]>([
    ['a text is replaced', 'user: a', 'user: b', { user: 'b' }],
    ['nothing said changes nothing', 'user: a', 'user:', { user: 'a' }],
    ['a command is replaced', 'command: echo a b', 'command: [c]', { command: ['c'] }],
    ['a command is taken away by nothing', 'command: echo a b', 'command:', { command: null }],
    ['an entrypoint is replaced', 'entrypoint: [a, b]', 'entrypoint: c d', { entrypoint: ['c', 'd'] }],
    [
      'environment by name, whatever the syntax',
      'environment: {A: 1, B: 2}',
      'environment: ["B=3", "C=4"]',
      { environment: { A: '1', B: '3', C: '4' } },
    ],
    [
      'labels by name, whatever the syntax',
      'labels: ["a=1", b]',
      'labels: {b: 2}',
      { labels: { a: '1', b: '2' } },
    ],
    [
      'published ports by all that they say',
      'ports: ["80:80"]',
      'ports: ["80:80", "81:80"]',
      {
        ports: [80, 81].map(published => ({
          target: 80,
          published: String(published),
          hostIp: null,
          protocol: 'tcp',
        })),
      },
    ],
    [
      'volumes by their target',
      'volumes: ["vol:/a", "vol:/b"]',
      'volumes: ["/host:/a:ro"]',
      {
        volumes: [
          { type: 'bind', source: '/host', target: '/a', readOnly: true },
          { type: 'volume', source: 'vol', target: '/b', readOnly: false },
        ],
      },
    ],
    [
      'secrets by their place',
      'secrets: [s]',
      'secrets: [{source: s, target: other}, s]',
      {
        secrets: [
          { source: 's', target: null },
          { source: 's', target: '/run/secrets/other' },
        ],
      },
    ],
    ['expose without repeats', 'expose: [80, "81"]', 'expose: ["80", 82]', { expose: ['80', '81', '82'] }],
    [
      'networks by name, whatever the syntax',
      'networks: [n]',
      'networks: {default: {aliases: [z]}}',
      { networks: { n: { aliases: [], ipv4Address: null }, default: { aliases: ['z'], ipv4Address: null } } },
    ],
    [
      'dependencies by name, whatever the syntax',
      'depends_on: [b]',
      'depends_on: {b: {condition: service_healthy}}',
      { dependsOn: { b: { condition: 'service_healthy', required: true } } },
    ],
    [
      'a health check by its keys, and its test as a whole',
      'healthcheck: {test: [CMD, a, b], interval: 90s}',
      'healthcheck: {test: c, retries: 3}',
      {
        healthcheck: {
          test: ['CMD-SHELL', 'c'],
          interval: '1m30s',
          timeout: null,
          retries: 3,
          startPeriod: null,
        },
      },
    ],
    [
      'a build by its keys, whatever the syntax',
      'build: ./app',
      'build: {target: dev}',
      { build: { context: '/shop/app', dockerfile: 'Dockerfile', target: 'dev' } },
    ],
    ['replicas', 'deploy: {replicas: 2}', 'deploy: {replicas: 4}', { replicas: 4 }],
    ['!reset takes a text away', 'user: a', 'user: !reset null', { user: null }],
    ['!reset takes a list away', 'ports: ["80:80"]', 'ports: !reset []', { ports: [] }],
    [
      '!reset takes one variable away',
      'environment: {A: 1, B: 2}',
      'environment: {A: !reset null}',
      { environment: { B: '2' } },
    ],
    [
      '!override replaces a list',
      'ports: ["80:80"]',
      'ports: !override ["81:81"]',
      { ports: [{ target: 81, published: '81', hostIp: null, protocol: 'tcp' }] },
    ],
    [
      '!override replaces a mapping',
      'environment: {A: 1}',
      'environment: !override {B: 2}',
      { environment: { B: '2' } },
    ],
  ])('%s', (_title, base, over, service) => {
    expect(merge(base, over)).toMatchObject(service)
    expect(merge(base, over)?.environment).toEqual(service.environment ?? {})
  })

  it('can take a whole service away', () => {
    const texts = {
      'compose.yml': 'services:\n  a: {image: x}\n  b: {image: y}\n',
      'over.yml': 'services:\n  b: !reset null\n',
    }
    expect(Object.keys(readTexts(texts, { files }).services)).toEqual(['a'])
  })

  it('as is a second YAML document over the first', () => {
    const texts = { 'compose.yml': 'services:\n  a: {image: x}\n---\nservices:\n  a: {user: b}\n' }
    expect(readTexts(texts).services.a).toMatchObject({ image: 'x', user: 'b' })
  })
})

describe('a merge key', () => {
  it('gives what the mapping does not say itself; the first of several wins', () => {
    const text = `x-one: &one {user: one, hostname: one}
x-two: &two {user: two, working_dir: /two}
services:
  a:
    <<: [*one, *two]
    image: x
    hostname: own
`
    expect(readTexts({ 'compose.yml': text }).services.a).toMatchObject({
      user: 'one',
      hostname: 'own',
      workingDir: '/two',
    })
  })
})
