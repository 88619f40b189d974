import type { EnginePorts } from '../../../engine/ports/engine-ports.ts'
import type { Project } from '../../settings/load-project.ts'
import { withServers } from '../../wiring/with-engine.ts'

/** Ports that stay open, for what asks the same servers every second. */
export interface OpenPorts {
  readonly ports: Pick<EnginePorts, 'servers'>
  close(): Promise<void>
}

/** Opens a project's ports until they are closed. */
export function openPorts(project: Project): Promise<OpenPorts> {
  let release = (): void => undefined
  const released = new Promise<void>(resolve => {
    release = resolve
  })
  return new Promise((resolve, reject) => {
    const ending = withServers(project, async ports => {
      const close = async (): Promise<void> => {
        release()
        await ending
      }
      resolve({ ports, close })
      await released
    })
    ending.catch(reject)
  })
}
