import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import WebSocket from 'ws'
import type { Protocol } from '../../../node_modules/playwright-core/types/protocol.d.ts'
import { chromiumOptions, findChromium } from '../chromium.ts'

type Commands = Protocol.CommandParameters
type Answers = Protocol.CommandReturnValues
type Command = keyof Commands & keyof Answers

/** One message that Chromium sent without being asked. */
export type ChromiumEvent = {
  [Name in keyof Protocol.Events]: { readonly method: Name; readonly params: Protocol.Events[Name] }
}[keyof Protocol.Events]

interface Message {
  readonly id?: number
  readonly result?: unknown
  readonly error?: { readonly message: string }
  readonly sessionId?: string
}

/** Chromium without a window of its own, spoken to over its debugging socket. */
export interface Chromium {
  /** What Playwright connects to as well. */
  readonly address: string
  send<Name extends Command>(method: Name, params: Commands[Name], sessionId?: string): Promise<Answers[Name]>
  /** Listens to a session, or to the browser itself. */
  listen(sessionId: string | null, listener: (event: ChromiumEvent) => void): void
  end(): void
}

/** Starts Chromium and connects to it; `ended` is called when it goes away by itself. */
export async function startChromium(ended: () => void): Promise<Chromium> {
  const program = findChromium()
  if (program === null) throw new Error('no Chromium is installed, and CHROMIUM names none')
  const profile = mkdtempSync(join(tmpdir(), 'electron-stand-in-'))
  // However the stand-in ends, also by SIGKILL, its browser goes with it.
  const isLinux = process.platform === 'linux'
  const child = spawn(
    isLinux ? 'setpriv' : program,
    [
      ...(isLinux ? ['--pdeathsig', 'KILL', program] : []),
      '--headless=new',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      '--no-startup-window',
      ...chromiumOptions,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const end = (): void => {
    child.kill('SIGKILL')
    try {
      rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
    } catch {
      // A process of Chromium that is just ending writes once more; what is left is temporary.
    }
  }
  process.once('exit', end)
  const address = await new Promise<string>((resolve, reject) => {
    let printed = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      printed += text
      const found = /DevTools listening on (ws:\/\/\S+)\n/.exec(printed)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`Chromium ended:\n${printed}`)))
  })
  child.stderr.resume()
  child.once('exit', ended)
  return { ...(await connect(address)), address, end }
}

async function connect(address: string): Promise<Pick<Chromium, 'send' | 'listen'>> {
  const socket = new WebSocket(address)
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  const waiting = new Map<number, (message: Message) => void>()
  const listeners = new Map<string, (event: ChromiumEvent) => void>()
  let lastId = 0
  socket.on('message', data => {
    const message = JSON.parse(data.toString()) as Message & ChromiumEvent
    if (message.id === undefined) return listeners.get(message.sessionId ?? '')?.(message)
    waiting.get(message.id)?.(message)
    waiting.delete(message.id)
  })
  return {
    send: (method, params, sessionId) =>
      new Promise((resolve, reject) => {
        const id = ++lastId
        waiting.set(id, ({ error, result }) => {
          if (error === undefined) resolve(result as Answers[typeof method])
          else reject(new Error(`${method}: ${error.message}`))
        })
        socket.send(JSON.stringify({ id, method, params, sessionId }))
      }),
    listen: (sessionId, listener) => {
      listeners.set(sessionId ?? '', listener)
    },
  }
}
