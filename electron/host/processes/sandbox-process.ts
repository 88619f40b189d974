import { toFailure } from '../../../shared/failure/failure.ts'
import '../output/safe-output.ts'
import { archiveRuns } from '../demo/archive-runs.ts'
import { withDemo } from '../demo/open-demo.ts'
import { stageDemo } from '../demo/stage-demo.ts'
import { outliveSignals } from '../signals/watch-signals.ts'
import { endSoon } from './end-soon.ts'
import { openProcessPort } from './open-process-port.ts'
import type { FromSandbox } from './process-messages.ts'

/** The sandbox's own process: its cluster runs until it is told to stop, or the process that started it is gone. */
const port = openProcessPort()
const send = (message: FromSandbox): void => port.send(message)
const say = (line: string): void => send({ type: 'progress', line })
const stop = new AbortController()
const stopped = new Promise<void>(resolve => {
  stop.signal.addEventListener('abort', () => resolve(), { once: true })
})

outliveSignals(() => stop.abort())
port.onClose(() => stop.abort())
port.onMessage(() => stop.abort())

try {
  say('Starting a PostgreSQL primary and two standbys')
  await withDemo({ fault: 'none', source: null, keep: false, say, signal: stop.signal }, async demo => {
    await stageDemo(demo, say, stop.signal)
    if (stop.signal.aborted) return
    send({ type: 'ready', folder: demo.folder })
    await stopped
    await archiveRuns(demo.folder)
  })
} catch (error) {
  send({ type: 'failed', failure: toFailure(error) })
} finally {
  send({ type: 'ended' })
  endSoon()
  port.close()
}
