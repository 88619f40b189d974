import type { ServiceObservation } from '../../../../shared/topology/discovered-project.ts'
import { quoteWord } from './quote-word.ts'

/** The command that shows the last lines of a container, running or not; null where there is no container. */
export function writeLogsCommand({ container }: ServiceObservation): string | null {
  return container === null ? null : `docker logs --timestamps --tail 500 ${quoteWord(container.name)}`
}
