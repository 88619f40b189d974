import { Worker } from 'node:worker_threads'

/**
 * A regular expression can take for ever on one line. It runs in a thread that can be ended, so that the engine goes on meanwhile.
 * The program is text, so that it needs no file of its own in a bundle.
 */
const program = `
const { parentPort, workerData } = require('node:worker_threads')
const pattern = new RegExp(workerData.source, workerData.flags)
parentPort.on('message', texts => {
  parentPort.postMessage(texts.map(text => pattern.test(text)))
})
`

/** Matches texts against one regular expression, elsewhere. */
export interface PatternWorker {
  /** Which of the texts match; null when that took too long, and every time after that. */
  match(texts: readonly string[]): Promise<readonly boolean[] | null>
  end(): Promise<void>
}

/** Starts a thread for one pattern; all its matching together may take `deadlineMs`. */
export function startPatternWorker(
  pattern: { readonly source: string; readonly flags: string },
  deadlineMs: number,
): PatternWorker {
  const worker = new Worker(program, {
    eval: true,
    workerData: pattern,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 64, stackSizeMb: 4 },
  })
  let isReady = false
  let left = deadlineMs
  let answer: (matched: readonly boolean[] | null) => void = () => {}
  worker.on('message', (matched: readonly boolean[]) => answer(matched))
  worker.on('error', () => answer(null))
  worker.on('exit', () => answer(null))
  const started = new Promise<void>(resolve => {
    worker.once('online', resolve)
    worker.once('exit', resolve)
  })
  return {
    async match(texts) {
      // Starting a thread takes its time on a busy machine; that is not the pattern's fault.
      if (!isReady) await started
      isReady = true
      if (left <= 0) return null
      const startedAt = performance.now()
      const matched = await new Promise<readonly boolean[] | null>(resolve => {
        const timer = setTimeout(() => resolve(null), left)
        answer = result => {
          clearTimeout(timer)
          resolve(result)
        }
        worker.postMessage(texts)
      })
      left = matched === null ? 0 : left - (performance.now() - startedAt)
      if (matched === null) await worker.terminate()
      return matched
    },
    async end() {
      await worker.terminate()
    },
  }
}
