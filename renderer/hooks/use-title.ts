import { useEffect } from 'react'
import { useDashboard } from '../store/dashboard-context.tsx'

/** Names the view in the window's title, with the environment, such as "Run 01K9 failed - acme-prod". */
export function useTitle(view: string): void {
  const place = useDashboard(state => state.session?.project?.environment.name ?? 'Lockstep')
  useEffect(() => {
    document.title = `${view} - ${place}`
  }, [view, place])
}
