import { openProcessPort } from '../../electron/host/processes/open-process-port.ts'
import type { ToEngine } from '../../electron/host/processes/process-messages.ts'
import { serveEngine } from '../../electron/host/processes/serve-engine.ts'
import { readRecording } from '../support/dashboard/read-recording.ts'
import { playRecording } from './play-recording.ts'

/** An engine's process whose service plays a recorded run. */
const port = openProcessPort()
const service = playRecording(readRecording('0.1.0-migrated'))
const end = async (): Promise<void> => {
  await service.close()
  port.send({ type: 'ended', run: null })
  port.close()
}
const hear = serveEngine(
  service,
  message => port.send(message),
  () => undefined,
  () => void end(),
)
port.onMessage(message => hear(message as ToEngine))
