import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  findInterpreter,
  type InterpreterSearch,
} from '../../../electron/adapters/alembic/find-interpreter.ts'
import type { InterpreterProbe } from '../../../electron/adapters/alembic/probe-interpreter.ts'
import { toFailure } from '../../../shared/failure/failure.ts'

const signal = new AbortController().signal
const good: InterpreterProbe = { runs: true, versions: { python: '3.12.1', alembic: '1.18.0' } }
let root: string
let project: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lockstep-interpreter-'))
  project = join(root, 'srv', 'service', 'db')
  await mkdir(project, { recursive: true })
})
afterEach(() => rm(root, { recursive: true, force: true }))

const put = async (path: string, text = ''): Promise<string> => {
  await mkdir(dirname(join(root, path)), { recursive: true })
  await writeFile(join(root, path), text)
  return join(root, path)
}

const find = (search: Partial<InterpreterSearch>) =>
  findInterpreter(
    {
      projectFolder: project,
      environment: {},
      platform: 'linux',
      probe: async () => good,
      ask: async () => null,
      ...search,
    },
    signal,
  )

test('takes what the configuration names: a program, a virtual environment or a name on PATH', async () => {
  const program = await put('opt/python3.12')
  expect(await find({ configured: program })).toMatchObject({
    path: program,
    why: `configuration (${program})`,
  })
  const inside = await put('srv/service/db/env/bin/python')
  expect((await find({ configured: './env' })).path).toBe(inside)
  const named = await put('bin/python3.13')
  expect((await find({ configured: 'python3.13', environment: { PATH: join(root, 'bin') } })).path).toBe(
    named,
  )
})

test('does not look elsewhere when the configured interpreter is missing', async () => {
  await put('srv/service/db/.venv/bin/python')
  expect(await find({ configured: './gone' }).catch(toFailure)).toEqual({
    kind: 'interpreter_missing',
    tried: [{ where: 'configuration (./gone)', outcome: 'does not exist' }],
  })
})

test('goes through the places in their order, one giving way to the next', async () => {
  const active = await put('active/bin/python')
  const beside = await put('srv/service/db/.venv/bin/python')
  const upward = await put('srv/venv/bin/python')
  const poetry = await put('poetry-env/bin/python')
  const uv = await put('uv-env/bin/python')
  const pipenv = await put('pipenv-env/bin/python')
  const conda = await put('conda/bin/python')
  const onPath = await put('usr/bin/python3')
  await put('srv/pyproject.toml', '[project]\n[tool.poetry.dependencies]\n')
  await put('srv/service/uv.lock')
  await put('srv/service/db/Pipfile')
  const asked: string[] = []
  const answers: Readonly<Record<string, string>> = { poetry, pipenv }
  const environment = {
    VIRTUAL_ENV: join(root, 'active'),
    UV_PROJECT_ENVIRONMENT: '../../uv-env',
    CONDA_PREFIX: join(root, 'conda'),
    PATH: ['/nowhere', join(root, 'usr/bin')].join(delimiter),
  }
  const order = [active, beside, upward, poetry, uv, pipenv, conda, onPath]
  for (const [index, expected] of order.entries()) {
    const passedOver = order.slice(0, index)
    const found = await find({
      environment,
      probe: async path => (passedOver.includes(path) ? { runs: false, problem: 'broken' } : good),
      ask: async (program, args, folder) => {
        asked.push(`${program} ${args[0]} in ${folder.slice(root.length)}`)
        return answers[program] ?? null
      },
    })
    expect(found.path).toBe(expected)
    expect(found.attempts.at(-1)).toEqual({ where: found.why, outcome: `taken: ${expected}` })
  }
  expect(new Set(asked)).toEqual(
    new Set(['poetry env in /srv', 'uv run in /srv/service', 'pipenv --py in /srv/service/db']),
  )
})

test('passes over a Python without Alembic and says so', async () => {
  const empty = await put('srv/service/db/.venv/bin/python')
  const full = await put('usr/bin/python')
  const found = await find({
    environment: { PATH: join(root, 'usr/bin') },
    probe: async path => (path === empty ? { runs: true, versions: { python: '3.11.2' } } : good),
  })
  expect(found).toEqual({
    path: full,
    why: 'python on PATH',
    versions: { python: '3.12.1', alembic: '1.18.0' },
    attempts: [
      { where: join(project, '.venv'), outcome: 'Python 3.11.2 without Alembic' },
      { where: 'python3 on PATH', outcome: 'not on PATH' },
      { where: 'python on PATH', outcome: `taken: ${full}` },
    ],
  })
})

test('names the first Python when none has Alembic, and every place when there is no Python', async () => {
  const empty = await put('srv/service/db/.venv/bin/python')
  const bare: InterpreterProbe = { runs: true, versions: { python: '3.11.2' } }
  expect(await find({ probe: async () => bare }).catch(toFailure)).toEqual({
    kind: 'alembic_missing',
    interpreter: empty,
    missing: 'alembic',
  })
  await rm(empty)
  expect(await find({}).catch(toFailure)).toEqual({
    kind: 'interpreter_missing',
    tried: [
      { where: join(project, '.venv'), outcome: 'holds no interpreter' },
      { where: 'python3 on PATH', outcome: 'not on PATH' },
      { where: 'python on PATH', outcome: 'not on PATH' },
    ],
  })
})

test('knows the layout of a virtual environment on Windows', async () => {
  const path = await put('srv/service/db/.venv/Scripts/python.exe')
  expect((await find({ platform: 'win32' })).path).toBe(path)
})
