import { useEffect } from 'react'
import { showRunFile } from '../open-file/open-run-file.ts'
import { useApi, useDashboardStore } from '../store/dashboard-context.tsx'

/** A run's log that is dropped on the window opens, to be read. */
export function useDroppedFiles(): void {
  const api = useApi()
  const store = useDashboardStore()
  useEffect(() => {
    const allow = (event: DragEvent): void => event.preventDefault()
    const drop = (event: DragEvent): void => {
      event.preventDefault()
      const file = event.dataTransfer?.files[0]
      if (file) void showRunFile(api, store, file)
    }
    addEventListener('dragover', allow)
    addEventListener('drop', drop)
    return () => {
      removeEventListener('dragover', allow)
      removeEventListener('drop', drop)
    }
  }, [api, store])
}
