import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { makePythonEnvironment } from '../../../electron/adapters/alembic/make-demo-environment.ts'
import { findProcesses } from '../../support/find-traces.ts'
import { needs } from '../../support/needs.ts'
import { pythonEnvironment } from '../../support/python-environment.ts'
import { waitUntil } from '../../support/wait-until.ts'

const test = needs('python')

const signal = new AbortController().signal
let folder: string
let full: string
/** A Python without packages, and an index that cannot be reached. */
let offline: Readonly<Record<string, string | undefined>>

beforeAll(async () => {
  full = await pythonEnvironment()
  folder = await mkdtemp(join(tmpdir(), 'lockstep-demo-python-'))
  execFileSync('python3', ['-m', 'venv', '--without-pip', join(folder, 'bare')])
  const unreachable = {
    PIP_NO_INDEX: '1',
    PIP_FIND_LINKS: join(folder, 'nothing'),
    PIP_CONFIG_FILE: '/dev/null',
  }
  offline = { HOME: folder, PATH: join(folder, 'bare', 'bin'), ...unreachable }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('makes an environment once, and finds it again', async () => {
  const cache = dirname(dirname(dirname(full)))
  const before = await readdir(cache)
  expect(await pythonEnvironment()).toBe(full)
  expect(await readdir(cache)).toEqual(before)
})

test('takes a Python with Alembic where packages cannot be fetched, and says why', async () => {
  const environment = { ...offline, VIRTUAL_ENV: dirname(dirname(full)) }
  const made = await makePythonEnvironment(join(folder, 'cache'), signal, { environment })
  expect(made).toEqual({
    interpreter: full,
    why: expect.stringMatching(/^VIRTUAL_ENV; packages cannot be installed: /),
  })
  expect(await readdir(join(folder, 'cache'))).toEqual([])
})

test('gives the reason where there is no Python with Alembic, or no Python at all', async () => {
  expect(await makePythonEnvironment(join(folder, 'cache'), signal, { environment: offline })).toEqual({
    interpreter: null,
    reason: expect.stringMatching(/^packages cannot be installed: /),
  })
  const environment = { ...offline, PATH: join(folder, 'nothing') }
  expect(await makePythonEnvironment(join(folder, 'cache'), signal, { environment })).toEqual({
    interpreter: null,
    reason: 'no Python 3.8 or newer on PATH',
  })
})

test('leaves nothing half made when it is stopped', async () => {
  const abort = new AbortController()
  const cache = join(folder, 'stopped')
  const making = makePythonEnvironment(cache, abort.signal, { environment: offline }).catch(String)
  await waitUntil(async () => {
    const names = await readdir(cache).catch(() => [])
    return names.some(name => name.includes('.building-'))
  }, 'the environment to be half made')
  abort.abort()
  expect(await making).toMatch(/AbortError/)
  expect(await readdir(cache)).toEqual([])
  // What was killed is there until the system has cleared it away.
  await waitUntil(() => findProcesses(cache).length === 0, 'what was started to be gone')
})
