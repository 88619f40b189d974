import { useApi, useDashboard, useDashboardStore } from '../store/dashboard-context.tsx'
import { Button } from '../ui/button.tsx'
import { openRunFile } from './open-run-file.ts'

/** Opens the log of a run from a file, where this dashboard may keep one. */
export function OpenRunFileButton() {
  const api = useApi()
  const store = useDashboardStore()
  const isReadOnly = useDashboard(state => state.session?.readOnly ?? false)
  return (
    <Button
      onPress={() => void openRunFile(api, store)}
      refusal={isReadOnly ? 'this dashboard is read-only: it keeps no file' : null}
    >
      Open a run from a file
    </Button>
  )
}
