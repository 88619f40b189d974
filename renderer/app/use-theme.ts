import { useEffect } from 'react'
import { useDashboard } from '../store/dashboard-context.tsx'

/** Keeps theme, density and the window's title as the state says. */
export function useTheme(): void {
  const theme = useDashboard(state => state.preferences.theme)
  const density = useDashboard(state => state.preferences.density)
  const hasPreferences = useDashboard(state => state.session !== null)
  useEffect(() => {
    document.documentElement.dataset.density = density
    if (!hasPreferences) return
    document.documentElement.dataset.theme = theme
    localStorage.setItem('lockstep.theme', theme)
  }, [theme, density, hasPreferences])
}
