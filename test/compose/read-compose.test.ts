import { describe, expect, it } from 'vitest'
import { readTexts, refusalOf, warningsOf, withService } from '../support/read-compose-text.ts'

const withProfiles = {
  'compose.yml': `services:
  always: {image: x}
  dev: {image: x, profiles: [dev, debug]}
  test: {image: x, profiles: [test], depends_on: {dev: {condition: service_started, required: false}}}
`,
}

describe('profiles', () => {
  it.each<[string, readonly string[], Readonly<Record<string, string>>, readonly string[]]>([
    ['none', [], {}, ['always']],
    ['one', ['dev'], {}, ['always', 'dev']],
    ['another name of the same', ['debug'], {}, ['always', 'dev']],
    ['all', ['*'], {}, ['always', 'dev', 'test']],
    ['an unknown one', ['other'], {}, ['always']],
    ['several by the variable', [], { COMPOSE_PROFILES: 'dev, test' }, ['always', 'dev', 'test']],
    ['the option before the variable', ['test'], { COMPOSE_PROFILES: 'dev' }, ['always', 'test']],
  ])('%s', (_title, profiles, environment, enabled) => {
    const project = readTexts(withProfiles, { profiles, environment })
    const disabled = ['always', 'dev', 'test'].filter(name => !enabled.includes(name))
    expect(Object.keys(project.services)).toEqual(enabled)
    expect(project.disabledServices).toEqual(disabled)
  })

  it('by the variable of .env', () => {
    const texts = { ...withProfiles, '.env': 'COMPOSE_PROFILES=dev\n' }
    expect(Object.keys(readTexts(texts).services)).toEqual(['always', 'dev'])
  })

  it('refuse a dependency that none of them enables', () => {
    const text = 'services:\n  a:\n    image: x\n    depends_on:\n      - b\n  b: {image: x, profiles: [p]}\n'
    expect(refusalOf({ 'compose.yml': text })).toBe(
      'compose.yml:5:9: the service "a" depends on "b", which no active profile enables -> activate the profile p, or add `required: false` to the dependency',
    )
    expect(Object.keys(readTexts({ 'compose.yml': text }, { profiles: ['p'] }).services)).toEqual(['a', 'b'])
  })
})

describe('the name of a project', () => {
  const name = (text: string, choices: Parameters<typeof readTexts>[1] = {}) =>
    readTexts({ 'compose.yml': `${text}services: {}\n` }, choices).name

  it.each<[string, string]>([
    ['/srv/My Shop', 'myshop'],
    ['/srv/_shop.2', 'shop2'],
    ['C:\\Users\\me\\Shop', 'shop'],
  ])('is that of the folder %s, as Compose writes it', (projectDirectory, wanted) => {
    expect(name('', { projectDirectory })).toBe(wanted)
  })

  it('is said by a file, with variables, rather than by the folder', () => {
    expect(name('name: Shop-$STAGE\n', { environment: { STAGE: 'dev' } })).toBe('shop-dev')
  })

  it('is said by the option, then by the variable, rather than by a file', () => {
    const environment = { COMPOSE_PROJECT_NAME: 'variable' }
    expect(name('name: file\n', { environment })).toBe('variable')
    expect(name('name: file\n', { environment, projectName: 'option' })).toBe('option')
  })

  it('is a variable for the files', () => {
    expect(readTexts(withService('hostname: $COMPOSE_PROJECT_NAME-a')).services.a?.hostname).toBe('shop-a')
  })
})

describe('variables', () => {
  it('come from the process before .env', () => {
    const texts = { ...withService('user: $A-$B'), '.env': 'A=file\nB=$A-file\n' }
    expect(readTexts(texts, { environment: { A: 'process' } }).services.a?.user).toBe('process-process-file')
  })

  it('come from chosen env files, of which a later one wins', () => {
    const texts = { ...withService('user: $A-$B'), '.env': 'A=none\n', one: 'A=1\nB=1\n', two: 'A=2\n' }
    expect(readTexts(texts, { envFiles: ['/shop/one', '/shop/two'] }).services.a?.user).toBe('2-1')
  })

  it('that are not set stand for nothing, and are named once with their place', () => {
    const texts = withService('user: &u "id-$NONE"\nhostname: *u')
    expect(readTexts(texts).services.a?.user).toBe('id-')
    expect(warningsOf(texts)).toEqual([
      '/shop/compose.yml:4:18: the variable NONE is not set: it stands for an empty text',
    ])
  })

  it('of env files stand below those of the service', () => {
    const texts = {
      ...withService('env_file: [one, {path: two, required: false}]\nenvironment: {A: own, D: }'),
      one: 'A=1\nB=$A\nC=1\nD=1\n',
    }
    expect(readTexts(texts, { environment: { C: 'process' } }).services.a?.environment).toEqual({
      A: 'own',
      B: 'own',
      C: '1',
      D: null,
    })
  })
})

it('warns of keys that are obsolete', () => {
  const text =
    'version: "3.9"\nservices: {a: {image: x, networks: [n]}}\nnetworks: {n: {external: {name: old}}}\n'
  expect(warningsOf({ 'compose.yml': text })).toEqual([
    '/shop/compose.yml:1:1: the key `version` is obsolete, and ignored',
    '/shop/compose.yml:3:26: `external.name` is obsolete: write `name` and `external: true`',
  ])
})

it('names what is shared as the daemon does, and leaves out what nobody uses', () => {
  const text = `services:
  a: {image: x, networks: [n, e], volumes: ["vol:/v", "wol:/w"], secrets: [s]}
networks: {n: , e: {external: true}, unused: {}}
volumes: {vol: , wol: {name: custom}, unused: }
secrets: {s: {environment: PW}, unused: {file: ./f}}
`
  const project = readTexts({ 'compose.yml': text })
  expect(project.networks).toEqual({
    n: { name: 'shop_n', external: false, internal: false, driver: null },
    e: { name: 'e', external: true, internal: false, driver: null },
  })
  expect(project.volumes).toEqual({
    vol: { name: 'shop_vol', external: false, driver: null },
    wol: { name: 'custom', external: false, driver: null },
  })
  expect(project.secrets).toEqual({
    s: { name: 'shop_s', file: null, environment: 'PW', content: null, external: false },
  })
})

it('reads a project of Windows by its own paths', () => {
  const texts: Readonly<Record<string, string>> = {
    'C:\\shop\\compose.yml': 'include: [db/compose.yml]\nservices:\n  a: {image: x, volumes: ["./c:/c"]}\n',
    'C:\\shop\\db\\compose.yml': 'services:\n  db: {image: x, build: ../app}\n',
  }
  const { services } = readTexts(
    {},
    { files: ['C:\\shop\\compose.yml'], projectDirectory: 'C:\\shop', readFile: path => texts[path] },
  )
  expect(services.a?.volumes[0]?.source).toBe('C:\\shop\\c')
  expect(services.db?.build?.context).toBe('C:\\shop\\app')
})
