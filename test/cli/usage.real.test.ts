import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type LockstepHome, openLockstepHome } from '../support/run-lockstep.ts'

let home: LockstepHome

beforeAll(() => {
  home = openLockstepHome()
})

afterAll(() => home.close())

const verbs = [
  'open',
  'demo',
  'init',
  'doctor',
  'topology',
  'plan',
  'drift',
  'run',
  'status',
  'runs',
  'log',
  'report',
  'recover',
  'rollback',
  'snapshots',
  'protocol',
  'explain',
  'schema',
]

/** A folder with nothing but this text as its project file. */
function projectWith(name: string, text: string): string {
  const folder = join(home.folder, name)
  mkdirSync(folder)
  writeFileSync(join(folder, 'lockstep.yml'), text)
  return folder
}

const sound = `version: 1
servers:
  - name: primary
    port: 1
tenants:
  databases: "*"
migrations:
  sql: {}
`

describe('the help', () => {
  it.each(verbs)('of lockstep %s starts with examples', async verb => {
    const { exitCode, stdout } = await home.run([verb, '--help'])
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(new RegExp(`^Examples:\\n {2}(\\S+ )?lockstep ${verb}\\b`))
    expect(stdout).toContain(`Usage: lockstep ${verb}`)
  })

  it('of lockstep itself starts with examples, names every verb, and ends with the exit codes', async () => {
    const { exitCode, stdout } = await home.run(['--help'])
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^Examples:\n/)
    for (const verb of verbs) expect(stdout).toMatch(new RegExp(`^ {2}${verb} `, 'm'))
    expect(stdout).toMatch(/Exit codes:\n[\s\S]*130, 143 interrupted/)
  })

  it('names every fault of the demo with its exit code', async () => {
    const { stdout } = await home.run(['demo', '--help'])
    expect(stdout).toMatch(/ {2}wrong-replica .*\(exit 3\)/)
    expect(stdout).toMatch(/ {2}server-crash .*\(exit 5 or 0\)/)
  })
})

describe('a word that is not known', () => {
  it.each([
    { args: ['rnu'], said: /unknown command 'rnu'[\s\S]*Did you mean run\?/ },
    { args: ['run', '--yess'], said: /unknown option '--yess'[\s\S]*Did you mean --yes\?/ },
    { args: ['demo', '--fault', 'two-head'], said: /no fault "two-head"[\s\S]*did you mean two-heads\?/ },
    { args: ['demo', '--source', 'sqll'], said: /no source "sqll"[\s\S]*alembic or sql/ },
  ])('is refused with the nearest one: $args', async ({ args, said }) => {
    const { exitCode, stdout, stderr } = await home.run(args)
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(said)
    expect(stdout).toBe('')
  })

  it('is refused with the nearest one when it names a gate', async () => {
    const folder = projectWith('gate', sound)
    const { exitCode, stderr } = await home.run(['run', '--gates', 'replica_lagg'], { folder })
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/no gate "replica_lagg"\n {2}fix {2}did you mean replica_lag\?/)
  })
})

describe('the project file', () => {
  it('is missed with the folder where it was looked for, and with what else would have done', async () => {
    const { exitCode, stderr } = await home.run(['plan'])
    expect(exitCode).toBe(2)
    expect(stderr).toContain('error: There is no lockstep.yml and no Compose file.')
    expect(stderr).toContain(`at  ${home.folder}`)
    expect(stderr).toContain('why  Looked for lockstep.yml, compose.yaml, ')
    expect(stderr).toContain('fix  Go to the folder of the project')
  })

  it('is missed under the name that was given', async () => {
    const { exitCode, stderr } = await home.run(['plan', '--config', 'elsewhere/lockstep.yml'])
    expect(exitCode).toBe(2)
    expect(stderr).toContain(join(home.folder, 'elsewhere/lockstep.yml'))
  })

  it('is refused for an unknown key with line, column and the nearest key, also as a document', async () => {
    const folder = projectWith('key', sound.replace('databases', 'databses'))
    const { exitCode, stdout, stderr } = await home.run(['plan', '--json'], { folder })
    expect(exitCode).toBe(2)
    expect(stderr).toBe(
      [
        'error: The configuration is wrong at tenants.databses.',
        '   at  lockstep.yml:6:3',
        '  why  unknown key "databses"',
        '  fix  Write databases instead.',
        '',
      ].join('\n'),
    )
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'config_invalid',
      exit_code: 2,
      failure: { kind: 'config_invalid', line: 6, column: 3, nearest: 'databases' },
    })
  })

  it('is refused for a syntax error with its place', async () => {
    const folder = projectWith('syntax', 'version: 1\nservers:\n  - name: [a\n')
    const { exitCode, stderr } = await home.run(['run', '--yes'], { folder })
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/^error: The configuration is wrong\.\n {3}at {2}lockstep\.yml:4:1\n {2}why {2}/)
    expect(stderr).toMatch(/\n {2}fix {2}\S/)
  })

  it('is refused for a variable that is not set, naming the variable', async () => {
    const reference = ['$', '{env:NO_SUCH_VARIABLE}'].join('')
    const folder = projectWith('variable', sound.replace('port: 1', `port: 1\n    password: ${reference}`))
    const { exitCode, stderr } = await home.run(['plan'], { folder })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('NO_SUCH_VARIABLE')
    expect(stderr).toMatch(/lockstep\.yml:5:\d+/)
  })

  it.each(['', '- a\n- b\n', 'version: 2\n'])('is refused when it is no project: %j', async text => {
    const folder = projectWith(`empty-${text.length}`, text)
    const { exitCode, stderr } = await home.run(['status'], { folder })
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/^error: The configuration is wrong/)
    expect(stderr).toMatch(/lockstep\.yml:\d+:\d+/)
  })
})

/** Says on standard error when anything asks for the package `electron`, whether it is installed or not. */
const watchElectron = `
  import { Module, register } from 'node:module'
  const hooks = "export const resolve = (name, context, next) => {" +
    "if (name === 'electron') process._rawDebug('asked for electron');" +
    "return next(name, context) }"
  register('data:text/javascript,' + encodeURIComponent(hooks))
  const load = Module._load
  Module._load = (name, ...rest) => {
    if (name === 'electron') process._rawDebug('asked for electron')
    return load(name, ...rest)
  }`

function runWatched(args: readonly string[]) {
  const watch = `data:text/javascript,${encodeURIComponent(watchElectron)}`
  return spawnSync(process.execPath, ['--import', watch, ...args], { encoding: 'utf8', cwd: home.folder })
}

describe('starting', () => {
  it('does not ask for the package electron, which would begin a download', () => {
    const started = runWatched([inject('launcher'), '--help'])
    expect(started.status, started.stderr).toBe(0)
    expect(started.stdout).toContain('Usage: lockstep')
    expect(started.stderr).not.toContain('asked for')
    const asks = runWatched(['--input-type=module', '-e', "import('electron').catch(() => undefined)"])
    expect(asks.stderr).toContain('asked for electron')
    const requires = runWatched(['-e', "try { require('electron') } catch {}"])
    expect(requires.stderr).toContain('asked for electron')
  })
})
