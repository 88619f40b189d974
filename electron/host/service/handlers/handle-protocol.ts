import { existsSync } from 'node:fs'
import { readPhaseProse, readPolicy } from '../../protocol/read-protocol.ts'
import type { HandlersOf, ServiceContext } from '../context/service-context.ts'

/** The runbook of the open project, or the one that ships with Lockstep. */
export function handleProtocol({ session }: ServiceContext): HandlersOf<'protocol'> {
  return {
    'protocol.read': async () => {
      const { project } = session
      // A Compose project may have no file of its own.
      const isWritten = project !== null && existsSync(project.file)
      const policy = isWritten ? readPolicy(project.file, project.folder) : null
      return { file: policy?.config.protocol ?? null, phases: readPhaseProse(policy) }
    },
  }
}
