import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test as plainTest } from 'vitest'
import { findInterpreter } from '../../../electron/adapters/alembic/find-interpreter.ts'
import { toFailure } from '../../../shared/failure/failure.ts'
import { pretendContainer } from './support/pretend-container.ts'

// What runs in a container is for Linux, whatever this machine is.
const test = plainTest.skipIf(process.platform === 'win32')
const signal = new AbortController().signal
let root: string
let project: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lockstep-container-python-'))
  project = join(root, 'srv', 'service', 'db')
  await mkdir(project, { recursive: true })
  await mkdir(join(root, 'bin'))
  await symlink('/bin/sh', join(root, 'bin', 'sh'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

/** A program that answers as an interpreter with, or without, Alembic does. */
const put = async (path: string, versions: Readonly<Record<string, string>> = { alembic: '1.18.0' }) => {
  const file = join(root, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `#!/bin/sh\necho '${JSON.stringify({ python: '3.12.1', ...versions })}'\n`)
  await chmod(file, 0o755)
  return file
}

const find = (environment: Readonly<Record<string, string>> = {}, configured?: string) => {
  const host = pretendContainer({ PATH: join(root, 'bin'), HOME: join(root, 'home'), ...environment })
  // What this machine knows must not matter there.
  const search = { projectFolder: project, environment: { VIRTUAL_ENV: '/nowhere', PATH: '/nowhere' } }
  const found = findInterpreter(
    { ...search, host, ...(configured === undefined ? {} : { configured }) },
    signal,
  )
  return { host, found }
}

test('goes through the places of a container in their order, one giving way to the next', async () => {
  const environment = {
    VIRTUAL_ENV: join(root, 'active'),
    UV_PROJECT_ENVIRONMENT: '../uv',
    CONDA_PREFIX: join(root, 'conda'),
  }
  const order = [
    ['active/bin/python', 'VIRTUAL_ENV'],
    ['srv/service/db/.venv/bin/python', '.venv'],
    ['srv/service/db/venv/bin/python3', 'venv'],
    ['srv/service/db/env/bin/python', 'env'],
    ['srv/service/.venv/bin/python', join(root, 'srv/service/.venv')],
    ['srv/env/bin/python', join(root, 'srv/env')],
    ['home/.cache/pypoetry/virtualenvs/app-x-py3.12/bin/python', 'Poetry'],
    ['srv/service/db/../uv/bin/python', 'uv (UV_PROJECT_ENVIRONMENT)'],
    ['home/.local/share/virtualenvs/app-y/bin/python', 'Pipenv'],
    ['conda/bin/python', 'CONDA_PREFIX'],
    ['bin/python3', 'python3 on PATH'],
    ['bin/python', 'python on PATH'],
  ] as const
  for (const [path] of order) await put(path)
  for (const [path, where] of order) {
    const { found, host } = find(environment)
    const { why, path: taken } = await found
    expect(why).toBe(`service app: ${where}`)
    expect(join(taken)).toBe(join(root, path))
    expect(host.commands.map(([program]) => program)).toEqual(['sh', taken])
    await rm(join(root, path))
  }
})

test('looks where images keep environments, and never above two folders', async () => {
  await put('.venv/bin/python')
  const { found, host } = find()
  const failure = await found.catch(toFailure)
  const [search = []] = host.commands
  for (const folder of ['/opt/venv', '/venv', '/srv/venv', '/app/.venv', '/usr/src/app/.venv']) {
    expect(search).toContain(folder)
  }
  expect(search).not.toContain(join(root, '.venv'))
  expect(failure).toEqual({
    kind: 'interpreter_missing',
    tried: [
      {
        where: 'service app: virtual environments',
        outcome: expect.stringContaining(`none at ${project}/.venv, ${project}/venv, ${project}/env, `),
      },
    ],
  })
})

test('passes over a Python without Alembic, and names the container when none has it', async () => {
  const bare = await put('srv/service/db/.venv/bin/python', {})
  const full = await put('bin/python3')
  expect(await find().found).toEqual({
    path: full,
    why: 'service app: python3 on PATH',
    versions: { python: '3.12.1', alembic: '1.18.0' },
    attempts: [
      { where: 'service app: .venv', outcome: 'Python 3.12.1 without Alembic' },
      { where: 'service app: python3 on PATH', outcome: `taken: ${full}` },
    ],
  })
  await rm(full)
  expect(await find().found.catch(toFailure)).toEqual({
    kind: 'alembic_missing',
    interpreter: `service app: ${bare}`,
    missing: 'alembic',
  })
})

test.each([
  { configured: './env', path: 'srv/service/db/env/bin/python' },
  { configured: './env/bin/python', path: 'srv/service/db/env/bin/python' },
  { configured: 'env', path: 'srv/service/db/env/bin/python' },
  { configured: 'python3.13', path: 'bin/python3.13' },
])('takes what the configuration names in the container: $configured', async ({ configured, path }) => {
  const expected = await put(path)
  await put('srv/service/db/.venv/bin/python')
  const found = await find({}, configured).found
  expect(found.why).toBe(`service app: configuration (${configured})`)
  expect(join(found.path)).toBe(expected)
  const absolute = await find({}, expected).found
  expect(absolute.path).toBe(expected)
})

test.each([
  { configured: './gone', outcome: 'does not exist' },
  { configured: 'python3.14', outcome: 'not on PATH' },
  { configured: './empty', outcome: 'holds no interpreter' },
])('does not look elsewhere when the configured $configured is missing', async ({ configured, outcome }) => {
  await mkdir(join(project, 'empty'))
  await put('srv/service/db/.venv/bin/python')
  expect(await find({}, configured).found.catch(toFailure)).toEqual({
    kind: 'interpreter_missing',
    tried: [{ where: `service app: configuration (${configured})`, outcome }],
  })
})

test('tries what PATH leads to in a container without a shell', async () => {
  await rm(join(root, 'bin', 'sh'))
  await put('srv/service/db/.venv/bin/python')
  await put('bin/python')
  const { found, host } = find()
  expect(await found).toMatchObject({
    path: 'python',
    why: 'service app: python on PATH',
    attempts: [
      { where: 'service app: python3 on PATH', outcome: expect.stringContaining('ENOENT') },
      { outcome: 'taken: python' },
    ],
  })
  expect(host.commands.map(([program]) => program)).toEqual(['sh', 'python3', 'python'])
})
