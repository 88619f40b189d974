import { readFileSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHookRunner } from '../../../electron/adapters/hooks/run-hook.ts'
import type { SmokeHookFacts } from '../../../electron/engine/ports/hooks.ts'
import { waitUntil } from '../../support/wait-until.ts'

const never = new AbortController().signal
const facts: SmokeHookFacts = {
  runId: '01RUN',
  group: 'rest',
  tenants: [{ tenant: 'b"ir\'ch $(id)', cluster: 'main', database: 'birch' }],
}

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockstep-hook-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

/** A command that runs a line of JavaScript. */
function script(code: string, ...more: readonly string[]): readonly string[] {
  return [process.execPath, '-e', code, ...more]
}

function run(
  command: readonly string[],
  timeoutMs = 10_000,
  secrets: readonly string[] = [],
  signal = never,
) {
  return createHookRunner({ folder, secrets }).run({ command, facts, timeoutMs }, signal)
}

/** Zombies do not count: they are gone but for their entry. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    const stat = process.platform === 'linux' ? readFileSync(`/proc/${pid}/stat`, 'utf8') : ''
    return !/\) Z /.test(stat)
  } catch {
    return false
  }
}

test('gives a hook the facts on its standard input, in the folder of the project', async () => {
  const code = `process.stdin.on('data', text => console.log(text.toString().trim(), process.cwd()))`
  expect(await run(script(code))).toEqual({
    status: 'exited',
    exitCode: 0,
    stdout: `${JSON.stringify(facts)} ${folder}\n`,
    stderr: '',
  })
})

test('hands arguments over as they are, to no shell', async () => {
  const odd = '$(id); "two words" *'
  expect(await run(script('console.log(process.argv[1])', odd))).toMatchObject({ stdout: `${odd}\n` })
})

test('tells how a hook failed', async () => {
  expect(await run(script(`console.error('no route'); process.exit(3)`))).toEqual({
    status: 'exited',
    exitCode: 3,
    stdout: '',
    stderr: 'no route\n',
  })
})

test('tells that a hook was ended by a signal', async () => {
  expect(await run(script(`process.kill(process.pid, 'SIGKILL')`))).toMatchObject({
    status: 'killed',
    signal: 'SIGKILL',
  })
})

test('kills a hook that hangs, together with a child that will not listen', async () => {
  const stubborn = `(trap '' TERM; exec sleep 60) & echo $!; wait`
  const result = await run(['sh', '-c', stubborn], 1000)
  expect(result.status).toBe('timed_out')
  const pid = Number(result.status === 'timed_out' ? result.stdout.trim() : 0)
  expect(pid).toBeGreaterThan(1)
  expect(isRunning(pid)).toBe(false)
})

test('ends what a hook that passed has left running', async () => {
  const code = `
    const { spawn } = require('node:child_process')
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' })
    console.log(child.pid)
    child.unref()
    process.exit(0)`
  const result = await run(script(code))
  expect(result).toMatchObject({ status: 'exited', exitCode: 0 })
  const pid = Number(result.status === 'exited' ? result.stdout.trim() : 0)
  expect(pid).toBeGreaterThan(1)
  expect(isRunning(pid)).toBe(false)
})

test('does not wait for the output of a process that left the group', async () => {
  const code = `
    const { spawn } = require('node:child_process')
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'inherit', detached: true })
    console.log(child.pid)
    child.unref()
    process.exit(0)`
  const result = await run(script(code))
  expect(result).toMatchObject({ status: 'exited', exitCode: 0 })
  const pid = Number(result.status === 'exited' ? result.stdout.trim() : 0)
  process.kill(pid, 'SIGKILL')
  await waitUntil(() => !isRunning(pid), 'the runaway to end')
})

test('keeps the end of a huge output', async () => {
  const code = `for (let n = 0; n < 20000; n += 1) console.log('line ' + n)`
  const result = await run(script(code))
  const stdout = result.status === 'exited' ? result.stdout : ''
  expect(Buffer.byteLength(stdout)).toBeLessThanOrEqual(4096)
  expect(stdout.endsWith('line 19998\nline 19999\n')).toBe(true)
})

test('takes secrets out of the output, also in a URL, in JSON and across the cut', async () => {
  const secrets = ['p@ss "word"', 'short']
  const shapes = [secrets[0], encodeURIComponent(secrets[0] ?? ''), JSON.stringify(secrets[0]), 'short']
  const code = `
    const shapes = JSON.parse(process.argv[1])
    for (let n = 0; n < 500; n += 1) process.stdout.write(shapes.join(' ') + ' ')`
  for (const shift of ['', 'x', 'xxx', 'xxxxxxx']) {
    const result = await run(
      script(`${code}; process.stdout.write('${shift}')`, JSON.stringify(shapes)),
      10_000,
      secrets,
    )
    const stdout = result.status === 'exited' ? result.stdout : ''
    expect(stdout.length).toBeGreaterThan(1000)
    expect(stdout.slice(0, -shift.length || undefined)).toMatch(/^[*" ]+$/)
  }
})

test('tells that an executable is missing, or may not be executed', async () => {
  expect(await run(['./no-such-hook'])).toEqual({ status: 'not_started', code: 'ENOENT' })
  expect(await run([''])).toEqual({ status: 'not_started', code: 'ENOENT' })
  const plain = join(folder, 'plain.txt')
  await writeFile(plain, 'text')
  await chmod(plain, 0o644)
  expect(await run([plain])).toEqual({ status: 'not_started', code: 'EACCES' })
})

test('ends a hook when the run is interrupted', async () => {
  const interrupt = new AbortController()
  const work = run(script('setInterval(() => {}, 1000)'), 60_000, [], interrupt.signal)
  interrupt.abort(new Error('SIGINT'))
  await expect(work).rejects.toMatchObject({ failure: { kind: 'cancelled', reason: 'SIGINT' } })
})

test('lets a hook pass that does not read its input', async () => {
  expect(await run(['true'])).toMatchObject({ status: 'exited', exitCode: 0 })
})

test('keeps no more of a gigabyte of output than its end', async () => {
  const before = process.memoryUsage().rss
  const result = await run(['sh', '-c', 'head -c 1073741824 /dev/zero; echo the end'], 60_000)
  expect(result).toMatchObject({ status: 'exited', exitCode: 0 })
  const stdout = result.status === 'exited' ? result.stdout : ''
  expect(Buffer.byteLength(stdout)).toBeLessThanOrEqual(4096)
  expect(stdout.endsWith('the end\n')).toBe(true)
  expect(process.memoryUsage().rss - before).toBeLessThan(400_000_000)
}, 60_000)

test('ends a hook that does not listen to a polite request', async () => {
  const result = await run(['sh', '-c', "trap '' TERM; echo $$; while :; do sleep 60; done"], 500)
  expect(result.status).toBe('timed_out')
  const pid = Number(result.status === 'timed_out' ? result.stdout.trim() : 0)
  expect(pid).toBeGreaterThan(1)
  expect(isRunning(pid)).toBe(false)
})

test('hands over facts of ten thousand tenants, and lets a hook close its input without reading them', async () => {
  const many = Array.from({ length: 10_000 }, (_, index) => ({
    tenant: `tenant_${index}`,
    cluster: 'main',
    database: `tenant_${index}`,
  }))
  const huge = { ...facts, tenants: many }
  const ask = (command: readonly string[]) =>
    createHookRunner({ folder, secrets: [] }).run({ command, facts: huge, timeoutMs: 20_000 }, never)
  const count = `let text = ''; process.stdin.on('data', part => (text += part)).on('end', () => console.log(JSON.parse(text).tenants.length))`
  expect(await ask(script(count))).toMatchObject({ status: 'exited', exitCode: 0, stdout: '10000\n' })
  expect(await ask(['sh', '-c', 'exec 0<&-; sleep 0.2; exit 4'])).toMatchObject({ exitCode: 4 })
})
