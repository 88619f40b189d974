import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect } from 'vitest'
import { startContainerProcess } from '../../../electron/adapters/docker/exec-process.ts'
import { runContainerProgram } from '../../../electron/adapters/docker/run-program.ts'
import { needs } from '../../support/needs.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { listCommands, never, useContainers } from './tunnel-fixture.ts'

const test = needs('docker')
const containers = useContainers()
const { engine } = containers
let container: string
beforeAll(async () => {
  container = await containers.startPostgres()
})
afterAll(() => containers.remove())

const soon = { timeoutMs: 20_000 }

test('collects what a program prints, in its folder, with its environment and its user', async () => {
  const command = ['sh', '-c', 'pwd; echo "$WORD"; id -un; echo oops >&2; exit 3']
  const options = { ...soon, folder: '/usr', environment: { WORD: "it's" }, user: 'postgres' }
  expect(await runContainerProgram(engine, container, command, options, never)).toEqual({
    code: 3,
    stdout: "/usr\nit's\npostgres\n",
    stderr: 'oops\n',
  })
})

test('gives a program no input', async () => {
  expect(await runContainerProgram(engine, container, ['cat'], soon, never)).toEqual({
    code: 0,
    stdout: '',
    stderr: '',
  })
})

test.each([
  ['the program is not there', ['no-such-program'], {}, /^no-such-program: executable file not found/],
  ['the folder is not there', ['true'], { folder: '/nowhere' }, /nowhere/],
] as const)('says why when %s', async (_, command, options, problem) => {
  const result = await runContainerProgram(engine, container, command, { ...soon, ...options }, never)
  expect(result).toMatchObject({ code: null, stdout: '', stderr: expect.stringMatching(problem) })
})

test('says that the container does not exist', async () => {
  const started = startContainerProcess(engine, 'no-such-container', ['true'], {})
  expect(await started.ended).toEqual({ code: null, problem: 'the container does not exist any more' })
})

test('stops waiting for a program at its deadline', async () => {
  const waiting = runContainerProgram(
    engine,
    container,
    ['sh', '-c', 'echo begun; exec sleep 600'],
    { timeoutMs: 2000 },
    never,
  )
  expect(await waiting).toEqual({ code: null, stdout: 'begun\n', stderr: 'stopped' })
})

test('stops waiting for a program when the signal comes', async () => {
  const stop = new AbortController()
  const waiting = runContainerProgram(engine, container, ['sleep', '600'], soon, stop.signal)
  stop.abort()
  expect(await waiting).toEqual({ code: null, stdout: '', stderr: 'stopped' })
})

test('talks to a program until its input is closed', async () => {
  const child = startContainerProcess(engine, container, ['sh', '-c', 'cat; echo bye >&2'], {})
  const said = Promise.all([text(child.stdout), text(child.stderr)])
  child.stdin.write('one\n')
  await once(child.stdout, 'readable')
  child.stdin.end('two\n')
  expect(await said).toEqual(['one\ntwo\n', 'bye\n'])
  expect(await child.ended).toEqual({ code: 0, problem: null })
})

test('holds a program back while nobody reads', async () => {
  const child = startContainerProcess(
    engine,
    container,
    ['sh', '-c', 'head -c 100000000 /dev/zero; echo end >&2'],
    {},
  )
  let isOver = false
  child.stderr.once('data', () => {
    isOver = true
  })
  await once(child.stdout, 'readable')
  expect(isOver).toBe(false)
  let bytes = 0
  for await (const chunk of child.stdout) bytes += chunk.length
  expect(bytes).toBe(100_000_000)
  expect(await child.ended).toEqual({ code: 0, problem: null })
})

test('ends a program that lives by its input when it is killed', async () => {
  const child = startContainerProcess(engine, container, ['cat', '-'], {})
  child.stdin.write('hello')
  await once(child.stdout, 'data')
  child.kill()
  expect(await child.ended).toEqual({ code: null, problem: null })
  await waitUntil(
    async () => !(await listCommands(engine, container)).includes('cat -'),
    'the program to end',
  )
})
