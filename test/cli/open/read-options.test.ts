import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { GlobalOptions } from '../../../electron/cli/arguments/read-globals.ts'
import { type OpenOptions, readOptions } from '../../../electron/cli/verbs/open-verb.ts'
import { parseLaunchOptions } from '../../../electron/host/processes/launch-options.ts'
import { LockstepError } from '../../../shared/failure/failure.ts'

let folder: string
let state: string | undefined

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'lockstep-open-')))
  state = process.env.LOCKSTEP_STATE_DIR
  process.env.LOCKSTEP_STATE_DIR = join(folder, 'state')
  for (const name of ['empty', 'shop', 'services', 'state/runs'])
    mkdirSync(join(folder, name), { recursive: true })
  for (const name of ['empty', 'shop', 'services']) mkdirSync(join(folder, name, '.git'))
  for (const name of [
    'shop/lockstep.yml',
    'shop/other.yaml',
    'services/compose.yaml',
    'services/docker-compose.dev.yml',
    'empty/events.jsonl',
    'empty/photo.png',
  ])
    writeFileSync(join(folder, name), 'version: 1\n')
})

afterAll(() => {
  if (state === undefined) delete process.env.LOCKSTEP_STATE_DIR
  else process.env.LOCKSTEP_STATE_DIR = state
  rmSync(folder, { recursive: true, force: true })
})

const defaults: OpenOptions = { port: '0', idleMinutes: '60' }

function globalsIn(
  name: string,
  given: Partial<GlobalOptions['compose']> & { config?: string } = {},
): GlobalOptions {
  const { config = null, ...compose } = given
  return {
    config,
    color: true,
    compose: {
      files: [],
      projectName: null,
      profiles: [],
      envFiles: null,
      folder: join(folder, name),
      ...compose,
    },
  }
}

async function problemOf(reading: Promise<unknown>): Promise<string> {
  const error = await reading.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof LockstepError)) return `no failure: ${String(error)}`
  const { failure } = error
  return failure.kind === 'usage' ? `${failure.problem} | ${failure.fix}` : failure.kind
}

describe('what lockstep open opens', () => {
  it('is the project of the folder, and travels as the JSON that a shell reads', async () => {
    const options = await readOptions(undefined, defaults, globalsIn('shop'))
    expect(options).toEqual({
      choice: { config: null, compose: globalsIn('shop').compose },
      demo: false,
      readOnly: false,
      port: 0,
      idleMinutes: 60,
      open: null,
      importFile: null,
    })
    expect(parseLaunchOptions(JSON.stringify(options))).toEqual(options)
  })

  it('is a choice where there is no project', async () => {
    expect((await readOptions(undefined, defaults, globalsIn('empty'))).choice).toBeNull()
  })

  it('is the sandbox, and no project before it', async () => {
    const options = await readOptions(undefined, { ...defaults, demo: true }, globalsIn('shop'))
    expect(options).toMatchObject({ demo: true, choice: null })
  })

  it.each([
    ['another folder', '../shop', null, 'shop', []],
    ['a folder without a project, so that the dashboard says what is missing', '../empty', null, 'empty', []],
    ['a project file', '../shop/lockstep.yml', 'shop/lockstep.yml', 'shop', []],
    ['a project file of another name', '../shop/other.yaml', 'shop/other.yaml', 'shop', []],
    [
      'a Compose file',
      '../services/docker-compose.dev.yml',
      null,
      'services',
      ['services/docker-compose.dev.yml'],
    ],
  ])('is %s', async (_title, what, config, place, files) => {
    const { choice } = await readOptions(what, defaults, globalsIn('empty'))
    expect(choice).toMatchObject({
      config: config === null ? null : join(folder, config),
      compose: { folder: join(folder, place), files: files.map(file => join(folder, file)) },
    })
  })

  it('is the log of a run from elsewhere, in the project that is here', async () => {
    const options = await readOptions('../empty/events.jsonl', defaults, globalsIn('shop'))
    expect(options.importFile).toBe(join(folder, 'empty/events.jsonl'))
    expect(options.choice?.compose.folder).toBe(join(folder, 'shop'))
  })

  it('is a project file that is named from here, wherever the shell runs', async () => {
    const { choice } = await readOptions(
      undefined,
      defaults,
      globalsIn('empty', { config: '../shop/lockstep.yml' }),
    )
    expect(choice?.config).toBe(join(folder, 'shop/lockstep.yml'))
  })

  it('is what was said about port, time and looking only', async () => {
    const given = { port: '4711', idleMinutes: '0.5', readOnly: true }
    expect(await readOptions(undefined, given, globalsIn('shop'))).toMatchObject({
      port: 4711,
      idleMinutes: 0.5,
      readOnly: true,
    })
  })
})

describe('what lockstep open refuses', () => {
  it.each<[string, string | undefined, Partial<OpenOptions>, string]>([
    [
      'a word that is nothing',
      '../nowhere',
      {},
      'there is no folder, file or run "../nowhere" | name a folder,',
    ],
    ['a file of another kind', '../empty/photo.png', {}, 'is neither a project file (.yml) nor the log'],
    [
      'a port that is no number',
      undefined,
      { port: 'x' },
      '--port takes a number from 0 to 65535, not x | such as --port 4711',
    ],
    ['a port beyond the last', undefined, { port: '65536' }, '--port takes a number from 0 to 65535'],
    ['half a port', undefined, { port: '1.5' }, '--port takes a whole number, not 1.5'],
    ['a negative time', undefined, { idleMinutes: '-1' }, '--idle-minutes takes a number from 0'],
    [
      'the sandbox and something else',
      '../shop',
      { demo: true },
      '--demo opens the sandbox, not ../shop | leave',
    ],
    [
      'a sandbox that nobody may start',
      undefined,
      { demo: true, readOnly: true },
      '--read-only does not start',
    ],
    ['a log that nobody may keep', '../empty/events.jsonl', { readOnly: true }, '--read-only keeps no log'],
  ])('is %s', async (_title, what, given, problem) => {
    expect(await problemOf(readOptions(what, { ...defaults, ...given }, globalsIn('shop')))).toContain(
      problem,
    )
  })

  it.each(['01K2ZQ6J', 'last'])('is the run %s where there is none', async what => {
    expect(await problemOf(readOptions(what, defaults, globalsIn('empty')))).toBe('run_unknown')
  })

  it('is a second project beside the path', async () => {
    const globals = globalsIn('empty', { config: '../shop/lockstep.yml' })
    expect(await problemOf(readOptions('../shop', defaults, globals))).toMatch(/^two projects are named/)
  })

  it('is a Compose file that is not there', async () => {
    const globals = globalsIn('empty', { files: ['missing.yaml'] })
    expect(await problemOf(readOptions(undefined, defaults, globals))).toBe('compose_invalid')
  })
})
