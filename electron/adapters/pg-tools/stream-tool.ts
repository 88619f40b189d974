import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { conductTool } from './conduct-tool.ts'
import type { ToolProcess } from './tool-place.ts'

/** What a program wrote into a file. */
export interface StreamedFile {
  readonly bytes: number
  /** sha256, hexadecimal. */
  readonly checksum: string
}

/** Puts the standard output of a program into a file, durably; throws with the program's own words when it fails. */
export async function streamToFile(
  child: ToolProcess,
  file: string,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<StreamedFile> {
  const hash = createHash('sha256')
  let bytes = 0
  const write = async ({ stdin, stdout }: ToolProcess): Promise<void> => {
    const handle = await open(file, 'w', 0o600)
    try {
      stdin.end()
      for await (const chunk of stdout) {
        const piece = chunk as Buffer
        hash.update(piece)
        bytes += piece.length
        await handle.appendFile(piece)
        onBytes(bytes)
      }
      await handle.sync()
    } finally {
      await handle.close().catch(() => undefined)
    }
  }
  await conductTool(child, write, signal)
  return { bytes, checksum: hash.digest('hex') }
}

/** Gives a program a file as its standard input; throws with the program's own words when it fails. */
export async function feedFile(child: ToolProcess, file: string, signal: AbortSignal): Promise<void> {
  const feed = async ({ stdin, stdout }: ToolProcess): Promise<void> => {
    stdout.resume()
    const isOver = child.ended.then(() => true)
    for await (const piece of createReadStream(file)) {
      // A program that takes no more has ended, well or badly: its exit code says which.
      const isGone = new Promise<boolean>(resolve => stdin.write(piece, error => resolve(Boolean(error))))
      if (await Promise.race([isGone, isOver])) return
    }
    stdin.end()
  }
  await conductTool(child, feed, signal)
}

/** The standard output of a program as text; throws with the program's own words when it fails. */
export async function readOutput(child: ToolProcess, signal: AbortSignal): Promise<string> {
  const read = async ({ stdin, stdout }: ToolProcess): Promise<string> => {
    stdin.end()
    let printed = ''
    for await (const text of stdout.setEncoding('utf8')) printed += String(text)
    return printed
  }
  return conductTool(child, read, signal)
}

/** The sha256 of a file, hexadecimal. */
export async function checksumOfFile(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
