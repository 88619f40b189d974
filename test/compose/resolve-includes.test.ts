import { describe, expect, it } from 'vitest'
import { readTexts, refusalOf } from '../support/read-compose-text.ts'

const service = (name: string, rest = '') => `services:\n  ${name}: {image: x${rest}}\n`

describe('include', () => {
  it('brings services and volumes with paths from the folder of the included file', () => {
    const texts = {
      'compose.yml': `include: [db/compose.yml]\n${service('app', ', depends_on: [db]')}`,
      'db/compose.yml': `${service('db', ', volumes: ["data:/data", "./conf:/conf"], build: {}')}volumes: {data: {}}\n`,
    }
    const project = readTexts(texts)
    expect(Object.keys(project.services).sort()).toEqual(['app', 'db'])
    expect(project.services.db?.volumes[1]?.source).toBe('/shop/db/conf')
    expect(project.services.db?.build?.context).toBe('/shop/db')
    expect(project.volumes.data?.name).toBe('shop_data')
  })

  it('lays the files of one path over one another, with a project directory and env files of its own', () => {
    const texts = {
      'compose.yml': `include:
  - path: [db/compose.yml, db.over.yml]
    project_directory: other
    env_file: db.env
${service('app')}`,
      'db/compose.yml': service('db', ', user: $WHO, volumes: ["./c:/c"]'),
      'db.over.yml': 'services:\n  db: {hostname: over}\n',
      'db.env': 'WHO=included\n',
      'other/.env': 'WHO=default\n',
    }
    expect(readTexts(texts).services.db).toMatchObject({
      user: 'included',
      hostname: 'over',
      volumes: [{ source: '/shop/other/c' }],
    })
    expect(readTexts(texts, { environment: { WHO: 'process' } }).services.db?.user).toBe('process')
  })

  it('reads .env beside the included file', () => {
    const texts = {
      'compose.yml': `include: [db/compose.yml]\n${service('app', ', user: "outer$WHO"')}`,
      'db/compose.yml': service('db', ', user: $WHO'),
      'db/.env': 'WHO=inner\n',
    }
    const { services } = readTexts(texts)
    expect([services.app?.user, services.db?.user]).toEqual(['outer', 'inner'])
  })

  it('takes the same thing twice when it says the same', () => {
    const texts = {
      'compose.yml': `include: [b.yml, c.yml]\n${service('app')}`,
      'b.yml': `include: [common.yml]\n${service('b')}`,
      'c.yml': `include: [common.yml]\n${service('c')}`,
      'common.yml': service('common'),
    }
    expect(Object.keys(readTexts(texts).services).sort()).toEqual(['app', 'b', 'c', 'common'])
  })

  it('lets a later file change what is included', () => {
    const texts = {
      'compose.yml': 'include: [db.yml]\n',
      'over.yml': 'services:\n  db: {user: over}\n',
      'db.yml': service('db'),
    }
    const files = ['/shop/compose.yml', '/shop/over.yml']
    expect(readTexts(texts, { files }).services.db).toMatchObject({ image: 'x', user: 'over' })
  })

  it.each<[string, Readonly<Record<string, string>>, string]>([
    [
      'a circle',
      { 'compose.yml': 'include: [b.yml]\n', 'b.yml': 'include:\n  - path: compose.yml\n' },
      'b.yml:2:11: `include` runs in a circle: /shop/compose.yml -> /shop/b.yml -> /shop/compose.yml -> remove this include: the file is read already',
    ],
    [
      'a missing file',
      { 'compose.yml': 'include:\n  - none.yml\n' },
      'compose.yml:2:5: the file /shop/none.yml is not there -> correct the path, or create the file',
    ],
    [
      'a missing env file',
      { 'compose.yml': 'include:\n  - {path: b.yml, env_file: none.env}\n', 'b.yml': service('b') },
      'compose.yml:2:29: the env file /shop/none.env is not there -> create it, or correct the path',
    ],
    [
      'a thing that is there twice, and not the same',
      { 'compose.yml': `include:\n  - b.yml\n${service('db', ', user: a')}`, 'b.yml': service('db') },
      'compose.yml:2:5: services.db of /shop/b.yml is in /shop/compose.yml, line 4, as well, with another content -> rename one of the two, or change the included one in a file of `path:` behind it',
    ],
    [
      'an unknown key',
      { 'compose.yml': 'include:\n  - {file: b.yml}\n' },
      'compose.yml:2:6: include has no key "file" -> use path, project_directory and env_file',
    ],
    [
      'no path',
      { 'compose.yml': 'include:\n  - {env_file: b.env}\n' },
      'compose.yml:2:5: this include has no path -> add `path:` with a file',
    ],
    [
      'what is not on this machine',
      { 'compose.yml': 'include:\n  - oci://example.com/compose\n' },
      'compose.yml:2:5: "oci://example.com/compose" is not on this machine -> include a local copy of it',
    ],
    [
      'what is no list',
      { 'compose.yml': 'include: b.yml\n' },
      'compose.yml:1:10: include must be a list of files, not a text -> write a list of files here',
    ],
  ])('refuses %s', (_title, texts, refusal) => {
    expect(refusalOf(texts)).toBe(refusal)
  })
})
