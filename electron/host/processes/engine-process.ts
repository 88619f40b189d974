import type { InterruptionSignal } from '../../../shared/run/run-intent.ts'
import '../output/safe-output.ts'
import { createService } from '../service/create-service.ts'
import { outliveSignals } from '../signals/watch-signals.ts'
import { endSoon } from './end-soon.ts'
import { linkSandbox } from './link-sandbox.ts'
import { linkSecrets } from './link-secrets.ts'
import { openProcessPort } from './open-process-port.ts'
import type { EngineArgument, FromEngine, ToEngine } from './process-messages.ts'
import { serveEngine } from './serve-engine.ts'

/** The engine's own process: it works for the process that started it, and undoes and ends when that one is gone. */
const port = openProcessPort()
const send = (message: FromEngine): void => port.send(message)
// Written by the shell that started this process, which is the same build.
const { choice, readOnly, sandboxFolder } = JSON.parse(
  process.argv.findLast(argument => argument.startsWith('{')) ?? '',
) as EngineArgument
const sandbox = linkSandbox(sandboxFolder, () => send({ type: 'need_sandbox' }))
const secrets = linkSecrets((id, asked) => send({ type: 'need_secret', id, asked }))
const service = createService({
  choice,
  readOnly,
  demo: sandbox,
  secrets,
  onState: state => send({ type: 'state', ...state }),
})

let isEnding = false
const end = async (by: InterruptionSignal): Promise<void> => {
  if (isEnding) return
  isEnding = true
  const run = await service.close(by)
  send({ type: 'ended', run })
  endSoon()
  port.close()
}

outliveSignals(() => void end('SIGTERM'))
port.onClose(() => void end('SIGTERM'))
const onMessage = serveEngine(service, send, sandbox.onMessage, by => void end(by), secrets.onMessage)
port.onMessage(message => onMessage(message as ToEngine))
