import type { ServiceObservation } from '../../../../shared/topology/discovered-project.ts'
import type { ServerObservation } from '../../../../shared/topology/topology.ts'
import { quoteWord } from './quote-word.ts'

/** The command that opens a server with psql: without a password, and without a user where none is known. Null where no way is known. */
export function writePsqlCommand(
  { endpoint, way }: ServerObservation,
  service: ServiceObservation | null,
  database: string,
): string | null {
  if (way === 'container_exec') {
    const container = service?.container?.name
    // psql in a container runs as root otherwise, which is no role.
    return container === undefined
      ? null
      : `docker exec -it -u postgres ${quoteWord(container)} psql -d ${quoteWord(database)}`
  }
  const parts = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(endpoint)
  const host = parts?.[1] ?? parts?.[2]
  const port = parts?.[3]
  if (host === undefined || port === undefined) return null
  return `psql -h ${quoteWord(host)} -p ${port} -d ${quoteWord(database)}`
}
