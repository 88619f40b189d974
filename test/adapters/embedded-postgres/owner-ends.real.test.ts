import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { locateBinaries } from '../../../electron/adapters/embedded-postgres/locate-binaries.ts'
import { chooseServerUser, type ServerUser } from '../../../electron/adapters/embedded-postgres/run-as.ts'
import { findProcesses, findTraces } from '../../support/find-traces.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { type InstalledOwner, installOwner } from './install-owner.ts'

let installed: InstalledOwner
beforeAll(async () => {
  installed = await installOwner()
})
afterAll(() => rmSync(installed.folder, { recursive: true }))

const ways: readonly (readonly [title: string, way: string, end: (owner: ChildProcess) => void])[] = [
  ['stops the sandbox', 'stop', () => undefined],
  ['exits without stopping it', 'exit', () => undefined],
  ['returns without stopping it', 'return', () => undefined],
  ['throws', 'throw', () => undefined],
  ['is ended by SIGTERM', 'wait', owner => void owner.kill('SIGTERM')],
  ['is ended by SIGKILL', 'wait', owner => void owner.kill('SIGKILL')],
  ['gets Ctrl-C with its whole process group', 'wait', owner => void process.kill(-owner.pid!, 'SIGINT')],
]

test.each(ways)('leaves no process, port or folder when the owner %s', async (_, way, end) => {
  const owner = startOwner(way)
  const { folder, ports } = await readFacts(owner)
  expect(existsSync(join(installed.binariesFolder, 'lib', 'libpq.so.5'))).toBe(true)
  const exited = once(owner, 'exit')
  end(owner)
  await exited
  await waitUntil(async () => (await findTraces(folder, ports)).length === 0, 'the sandbox to vanish')
})

test('leaves nothing when the owner is killed at any moment of the start', async () => {
  const temporary = join(installed.folder, 'tmp')
  mkdirSync(temporary, { mode: 0o755 })
  for (let milliseconds = 80; milliseconds <= 1600; milliseconds += 190) {
    const owner = startOwner('wait', { TMPDIR: temporary })
    const exited = once(owner, 'exit')
    await delay(milliseconds)
    owner.kill('SIGKILL')
    await exited
    await waitUntil(
      () => readdirSync(temporary).length === 0 && findProcesses(temporary).length === 0,
      `a sandbox killed after ${milliseconds} ms to vanish`,
    )
  }
})

test('works for a user without any rights, who cannot make the missing links either', async () => {
  const user = chooseServerUser()
  for (const { target } of locateBinaries().links) {
    rmSync(join(installed.binariesFolder, target), { force: true })
  }
  const home = join(installed.folder, 'home')
  mkdirSync(home, { mode: 0o700 })
  if (user !== null) chownSync(home, user.uid, user.gid)
  const owner = startOwner('stop', { TMPDIR: home }, user)
  const { folder, ports } = await readFacts(owner)
  expect(folder.startsWith(home)).toBe(true)
  await once(owner, 'exit')
  expect(await findTraces(folder, ports)).toEqual([])
  expect(readdirSync(home)).toEqual([])
  const isUntouched = !existsSync(join(installed.binariesFolder, 'lib', 'libpq.so.5'))
  expect(isUntouched).toBe(user !== null)
})

function startOwner(
  way: string,
  environment: NodeJS.ProcessEnv = {},
  user: ServerUser | null = null,
): ChildProcess {
  return spawn(process.execPath, [installed.program, way], {
    cwd: '/',
    detached: true,
    stdio: ['ignore', 'pipe', way === 'throw' ? 'ignore' : 'inherit'],
    env: { ...process.env, ...environment },
    ...(user === null ? {} : { uid: user.uid, gid: user.gid }),
  })
}

async function readFacts(owner: ChildProcess): Promise<{ folder: string; ports: readonly number[] }> {
  for await (const line of createInterface({ input: owner.stdout! })) return JSON.parse(line)
  throw new Error('the owner ended before it had a sandbox')
}
