import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFrontend } from '../../../electron/cli/open/start-frontend.ts'
import { waitUntil } from '../../support/wait-until.ts'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-shell-'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a shell that is started', () => {
  it.each([0, 2, 143])('gives its exit code %i', async code => {
    expect(await startFrontend(process.execPath, ['-e', `process.exit(${code})`])).toBe(code)
  })

  it('gives the code of a shell for one that was killed', async () => {
    expect(await startFrontend(process.execPath, ['-e', 'process.kill(process.pid, "SIGKILL")'])).toBe(137)
  })

  it('is refused in words when it cannot be started', async () => {
    await expect(startFrontend(join(folder, 'missing'), [])).rejects.toMatchObject({
      failure: { kind: 'usage', problem: expect.stringContaining('cannot be started') },
    })
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('hears %s, and is waited for', async signal => {
    const said = join(folder, signal)
    // The child ends a little later than it hears the signal, as one that undoes a run.
    const shell = `
      const { appendFileSync } = require('node:fs')
      process.on('${signal}', () => {
        appendFileSync(${JSON.stringify(said)}, 'heard ')
        setImmediate(() => { appendFileSync(${JSON.stringify(said)}, 'ended'); process.exit(7) })
      })
      setInterval(() => undefined, 1000)
      appendFileSync(${JSON.stringify(said)}, 'started ')`
    writeFileSync(join(folder, 'shell.cjs'), shell)
    const ended = startFrontend(process.execPath, [join(folder, 'shell.cjs')])
    await waitUntil(() => readIfThere(said).includes('started'), 'the shell to start')
    const before = process.listenerCount(signal)
    process.emit(signal, signal)
    expect(await ended).toBe(7)
    expect(process.listenerCount(signal)).toBe(before - 1)
    expect(readIfThere(said)).toBe('started heard ended')
  })
})

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
