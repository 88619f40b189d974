import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'

/** What a program wrote into a file. */
export interface StreamedFile {
  readonly bytes: number
  /** sha256, hexadecimal. */
  readonly checksum: string
}

/** How a program is run whose output is too long to be kept in memory. */
export interface StreamRequest {
  readonly path: string
  readonly args: readonly string[]
  /** Secrets go through here only. */
  readonly environment: Readonly<Record<string, string>>
  readonly onBytes: (bytes: number) => void
}

/** Runs a program and puts its standard output into a file, durably; throws with the program's own words when it fails. */
export async function streamToFile(
  { path, args, environment, onBytes }: StreamRequest,
  file: string,
  signal: AbortSignal,
): Promise<StreamedFile> {
  const child = spawn(path, [...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, SystemRoot: process.env.SystemRoot, LC_ALL: 'C', ...environment },
    windowsHide: true,
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  ended.catch(() => undefined)
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4_096)
  })
  const end = () => child.kill('SIGKILL')
  signal.addEventListener('abort', end, { once: true })
  if (signal.aborted) end()
  const hash = createHash('sha256')
  let bytes = 0
  const handle = await open(file, 'w', 0o600)
  try {
    for await (const chunk of child.stdout) {
      const piece = chunk as Buffer
      hash.update(piece)
      bytes += piece.length
      await handle.appendFile(piece)
      onBytes(bytes)
    }
    const code = await ended
    if (signal.aborted) throw new Error('stopped')
    if (code !== 0) throw new Error(lastWords(said) || `it ended with ${String(code)}`)
    await handle.sync()
  } catch (error) {
    end()
    throw error
  } finally {
    signal.removeEventListener('abort', end)
    await handle.close().catch(() => undefined)
  }
  return { bytes, checksum: hash.digest('hex') }
}

/** The sha256 of a file, hexadecimal. */
export async function checksumOfFile(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/** The line that says what went wrong, without the program's own name. */
export function lastWords(said: string): string {
  const lines = said.trim().split('\n')
  const line = lines.find(one => one.includes('error:')) ?? lines.at(-1) ?? ''
  return line.replace(/^pg_(dump|restore): /, '')
}
