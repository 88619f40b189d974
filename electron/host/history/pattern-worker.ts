import { Worker } from 'node:worker_threads'

/**
 * A regular expression can take for ever on one line. It runs in a thread that can be ended, so that the engine goes on meanwhile.
 * The program is text, so that it needs no file of its own in a bundle.
 */
const program = `
const { parentPort, workerData } = require('node:worker_threads')
const pattern = new RegExp(workerData.source, workerData.flags)
parentPort.on('message', texts => {
  const startedAt = performance.now()
  const matched = texts.map(text => pattern.test(text))
  parentPort.postMessage({ matched, ms: performance.now() - startedAt })
})
`

/** What the thread sends: which texts matched, and how long that took it. */
interface Answer {
  readonly matched: readonly boolean[]
  readonly ms: number
}

/** An answer that came while this thread was busy is read before the request is given up. */
const graceMs = 100

/** Matches texts against one regular expression, elsewhere. */
export interface PatternWorker {
  /** Which of the texts match; null when that took too long, and every time after that. */
  match(texts: readonly string[]): Promise<readonly boolean[] | null>
  end(): Promise<void>
}

/** Starts a thread for one pattern; all its matching together may take `deadlineMs`, by its own clock. */
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
  let take: (answer: Answer | null) => void = () => {}
  worker.on('message', (answer: Answer) => take(answer))
  worker.on('error', () => take(null))
  worker.on('exit', () => take(null))
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
      const answer = await new Promise<Answer | null>(resolve => {
        let timer = setTimeout(() => {
          timer = setTimeout(() => resolve(null), graceMs)
        }, left)
        take = given => {
          clearTimeout(timer)
          resolve(given)
        }
        worker.postMessage(texts)
      })
      left = answer === null ? 0 : left - answer.ms
      if (answer === null) await worker.terminate()
      return answer?.matched ?? null
    },
    async end() {
      await worker.terminate()
    },
  }
}
