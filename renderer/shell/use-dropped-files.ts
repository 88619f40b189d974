import { useEffect } from 'react'
import { useApi, useDashboardStore } from '../store/dashboard-context.tsx'
import { showRunFile } from './open-run-file.ts'

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
