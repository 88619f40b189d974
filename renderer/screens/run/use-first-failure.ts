import { useCommand } from '../../commands/use-command.tsx'
import { routeTo } from '../../route/route.ts'
import { useApi } from '../../store/dashboard-context.tsx'
import { navigate } from '../../store/navigate.ts'

/** Opens the log at the first line that failed. */
export function useFirstFailure(runId: string): () => void {
  const api = useApi()
  const open = (): void => {
    void api.request('log.firstFailure', { runId, filter: {} }).then(reply => {
      const line = reply.ok ? reply.value.line : null
      navigate(
        routeTo('runs', {
          id: runId,
          tab: 'logs',
          query: line === null ? { problems: '3' } : { line: String(line) },
        }),
      )
    })
  }
  useCommand('run.next_failure', open)
  useCommand('run.previous_failure', open)
  return open
}
