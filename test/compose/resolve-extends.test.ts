import { describe, expect, it } from 'vitest'
import { readTexts, refusalOf } from '../support/read-compose-text.ts'

describe('extends', () => {
  it('takes over a service of the same file, over several steps', () => {
    const text = `services:
  a: {image: x, environment: {A: 1, B: 1}, command: [run]}
  b: {extends: a, environment: ["B=2"]}
  c: {extends: {service: b}, command: [other]}
`
    const { services } = readTexts({ 'compose.yml': text })
    expect(services.c).toMatchObject({ image: 'x', environment: { A: '1', B: '2' }, command: ['other'] })
    expect(services.b?.command).toEqual(['run'])
  })

  it('reads paths of another file from the folder of that file', () => {
    const texts = {
      'compose.yml': 'services:\n  a:\n    extends: {file: common/base.yml, service: base}\n',
      'common/base.yml': `services:
  base:
    extends: {file: ../deep/root.yml, service: root}
    build: ./app
    env_file: base.env
    volumes: ["./conf:/conf"]
`,
      'deep/root.yml': 'services:\n  root:\n    image: x\n    volumes: ["./data:/data"]\n',
      'common/base.env': 'A=1\n',
    }
    const { services } = readTexts(texts)
    expect(services.a).toMatchObject({
      image: 'x',
      build: { context: '/shop/common/app' },
      environment: { A: '1' },
      volumes: [
        { source: '/shop/deep/data', target: '/data' },
        { source: '/shop/common/conf', target: '/conf' },
      ],
    })
  })

  it('lets a service reset and override what it inherits, and only that', () => {
    const text = `services:
  a: {image: x, user: u, ports: !override ["80:80"]}
  b: {extends: a, user: !reset null, ports: ["81:81"]}
  c: {extends: a, ports: !override ["82:82"]}
`
    const { services } = readTexts({ 'compose.yml': text })
    expect(services.b).toMatchObject({ user: null, ports: [{ target: 80 }, { target: 81 }] })
    expect(services.c?.ports).toMatchObject([{ target: 82 }])
  })

  it.each<[string, Readonly<Record<string, string>>, string]>([
    [
      'a circle within a file',
      { 'compose.yml': 'services:\n  a: {extends: b}\n  b:\n    extends: {service: a}\n' },
      'compose.yml:4:24: `extends` runs in a circle: a in /shop/compose.yml -> b in /shop/compose.yml -> a in /shop/compose.yml -> remove `extends` from one of these services',
    ],
    [
      'a circle over files',
      {
        'compose.yml': 'services:\n  a:\n    extends: {file: other.yml, service: b}\n',
        'other.yml': 'services:\n  b:\n    extends:\n      file: compose.yml\n      service: a\n',
      },
      'other.yml:5:16: `extends` runs in a circle: a in /shop/compose.yml -> b in /shop/other.yml -> a in /shop/compose.yml -> remove `extends` from one of these services',
    ],
    [
      'a service that extends itself',
      { 'compose.yml': 'services:\n  a: {image: x, extends: a}\n' },
      'compose.yml:2:26: `extends` runs in a circle: a in /shop/compose.yml -> a in /shop/compose.yml -> remove `extends` from one of these services',
    ],
    [
      'a service that is not there',
      { 'compose.yml': 'services:\n  a: {extends: c}\n  b: {image: x}\n' },
      'compose.yml:2:16: the service "c" to extend is not in /shop/compose.yml -> extend one of: a, b',
    ],
    [
      'a file that is not there',
      { 'compose.yml': 'services:\n  a:\n    extends: {file: none.yml, service: b}\n' },
      'compose.yml:3:21: the file /shop/none.yml is not there -> correct the path, or create the file',
    ],
    [
      'a file without services',
      {
        'compose.yml': 'services:\n  a:\n    extends: {file: o.yml, service: b}\n',
        'o.yml': 'volumes: {}\n',
      },
      'compose.yml:3:21: /shop/o.yml has no services to extend -> name a Compose file with `services:`',
    ],
    [
      'no service at all',
      { 'compose.yml': 'services:\n  a: {extends: {file: o.yml}}\n' },
      'compose.yml:2:16: services.a.extends must be a name of a service, or a mapping with `service:`, not a mapping -> write a name of a service, or a mapping with `service:` here',
    ],
    [
      'a fault of the inherited service, where it is written',
      {
        'compose.yml': 'services:\n  a:\n    extends: {file: o.yml, service: b}\n',
        'o.yml': 'services:\n  b:\n    image: 5\n',
      },
      'o.yml:3:12: services.a.image must be a text, not a number -> write a text here',
    ],
  ])('refuses %s', (_title, texts, refusal) => {
    expect(refusalOf(texts)).toBe(refusal)
  })
})
