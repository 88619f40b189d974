import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectDocker } from '../../../electron/adapters/docker/connect-docker.ts'
import { sshArguments } from '../../../electron/adapters/docker/ssh-stream.ts'
import { type FakeDocker, healthyAnswers, startFakeDocker } from '../../support/fake-docker.ts'
import { waitUntil } from '../../support/wait-until.ts'

const never = new AbortController().signal
const target = { kind: 'ssh', host: 'builder', user: null, port: null, socket: null } as const

let folder = ''
let fake: FakeDocker

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockstep-ssh-'))
  fake = await startFakeDocker({ ...healthyAnswers, '/containers/json': [] })
})
afterEach(async () => {
  await fake.close()
  await rm(folder, { recursive: true, force: true })
})

/** Connects with a stand-in for `ssh` on the PATH: it notes its process, and does what the script says. */
async function connectWith(script: string, deadlineMs = 5000, host = 'ssh://me@builder:2222') {
  const program = join(folder, 'ssh')
  await writeFile(program, `#!/bin/sh\necho "$$ $*" >> '${folder}/started'\n${script}\n`)
  await chmod(program, 0o755)
  const environment = { DOCKER_HOST: host, PATH: `${folder}:${process.env.PATH}` }
  return connectDocker({ environment, homeFolder: folder, deadlineMs, platform: 'linux' }, never)
}

/** Carries bytes between its input and output and the fake daemon, as `docker system dial-stdio` does. */
const dial = (): string => {
  const path = fake.host.replace('unix://', '')
  const code = `const s = require('net').connect('${path}'); process.stdin.pipe(s); s.pipe(process.stdout)`
  return `exec '${process.execPath}' -e "${code}"`
}

async function started(): Promise<readonly { readonly pid: number; readonly said: string }[]> {
  const lines = (await readFile(join(folder, 'started'), 'utf8')).trim().split('\n')
  return lines.map(line => ({ pid: Number.parseInt(line, 10), said: line.replace(/^\d+ /, '') }))
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('what ssh is started with', () => {
  it('lets the user configure the rest', () => {
    const [fixed, rest] = ['-T -o ConnectTimeout=5 -o BatchMode=yes', 'docker system dial-stdio']
    expect(sshArguments(target, 5).join(' ')).toBe(`${fixed} -- builder ${rest}`)
    expect(sshArguments({ ...target, user: 'me', port: 22 }, 5).join(' ')).toBe(
      `${fixed} -l me -p 22 -- builder ${rest}`,
    )
  })

  it('names the socket so that the shell of the host reads it as one word', () => {
    const named = (socket: string) =>
      sshArguments({ ...target, socket }, 5).find(part => part.includes('unix'))
    expect(named('/run/user/1000/docker.sock')).toBe('--host=unix:///run/user/1000/docker.sock')
    expect(named("/run/my $(x)'s.sock")).toBe(`--host='unix:///run/my $(x)'\\''s.sock'`)
  })
})

describe('a daemon behind ssh', () => {
  it('is asked over the input and output of ssh, one connection for question after question', async () => {
    const { docker, daemon } = await connectWith(dial())
    expect(daemon).toMatchObject({ state: 'connected', endpoint: 'ssh://me@builder:2222' })
    expect(await docker?.listContainers({}, never)).toEqual([])
    const children = await started()
    expect(children.map(child => child.said)).toEqual([
      '-T -o ConnectTimeout=5 -o BatchMode=yes -l me -p 2222 -- builder docker system dial-stdio',
    ])
    await docker?.close()
  })

  it('leaves no ssh behind when it is closed, also while it is watched', async () => {
    const { docker } = await connectWith(dial())
    const listener = { onEvent: () => undefined, onGap: () => undefined }
    const watching = docker?.watchContainers({}, listener, never).catch(() => undefined)
    await waitUntil(async () => fake.questions.some(path => path.startsWith('/events')), 'the watch')
    await docker?.close()
    await watching
    for (const { pid } of await started()) expect(isRunning(pid)).toBe(false)
  })

  it.each([
    ['echo "me@builder: Permission denied (publickey)." >&2; exit 255', 'denied'],
    ['echo "ssh: connect to host builder port 22: Connection refused" >&2; exit 255', 'absent'],
    ['echo warning >&2; echo "bash: docker: command not found" >&2; exit 127', 'absent'],
    ['exit 3', 'absent'],
  ])('is not there when ssh says: %s', async (script, state) => {
    const { docker, daemon } = await connectWith(script)
    expect(docker).toBeNull()
    const outcome = script.match(/"([^"]*)" >&2; exit/)?.[1] ?? 'ssh ended with code 3'
    const from = 'DOCKER_HOST'
    expect(daemon).toEqual({ state, tried: [{ endpoint: 'ssh://me@builder:2222', from, outcome }] })
  })

  it('is silent when ssh hangs, and the ssh that hangs is ended, also one that does not want to', async () => {
    const { daemon } = await connectWith(`trap '' TERM; while :; do sleep 1; done`, 300)
    expect(daemon.state).toBe('silent')
    for (const { pid } of await started()) expect(isRunning(pid)).toBe(false)
  })

  it('is absent where ssh is not installed', async () => {
    const environment = { DOCKER_HOST: 'ssh://builder', PATH: folder }
    const { daemon } = await connectDocker({ environment, homeFolder: folder, platform: 'linux' }, never)
    expect(daemon).toMatchObject({ state: 'absent', tried: [{ outcome: 'ssh is not installed' }] })
  })
})
