import type { HandlersOf, ServiceContext } from '../context/service-context.ts'

/** Windows into the logs of runs. */
export function handleLog({ history }: ServiceContext): HandlersOf<'log'> {
  return {
    'log.range': ({ runId, filter, from, count }) => history.range(runId, filter, from, count),
    'log.search': ({ runId, filter, query }) => history.search(runId, filter, query),
    'log.firstFailure': ({ runId, filter }) => history.firstFailure(runId, filter),
    'log.download': ({ runId, kind }) => history.download(runId, kind),
  }
}
