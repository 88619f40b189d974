import { finished } from 'node:stream/promises'
import type { ToolProcess } from './tool-place.ts'

const keptWords = 4_096

/** Uses the streams of a program and waits for its end; throws with the program's own words when it fails, and leaves nothing of it. */
export async function conductTool<T>(
  child: ToolProcess,
  use: (child: ToolProcess) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-keptWords)
  })
  const toldAll = finished(child.stderr, { writable: false }).catch(() => undefined)
  const end = (): void => void child.end()
  signal.addEventListener('abort', end, { once: true })
  try {
    signal.throwIfAborted()
    const result = await use(child)
    const { code, problem } = await child.ended
    await toldAll
    signal.throwIfAborted()
    if (code !== 0) throw new Error(lastWords(said) || problem || `it ended with ${String(code)}`)
    return result
  } finally {
    signal.removeEventListener('abort', end)
    await child.end()
  }
}

/** The line that says what went wrong, without the program's own name. */
function lastWords(said: string): string {
  const lines = said.trim().split('\n')
  const line = lines.find(one => one.includes('error:')) ?? lines.at(-1) ?? ''
  return line.replace(/^pg_(dump|restore): /, '')
}
