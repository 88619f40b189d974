import type { Preferences } from '../../shared/api/preferences.ts'
import { useCommand } from '../commands/use-command.tsx'
import { usePreferences } from '../hooks/use-preferences.ts'
import { openRunFile } from '../open-file/open-run-file.ts'
import { routeTo } from '../route/route.ts'
import { useApi, useDashboard, useDashboardStore } from '../store/dashboard-context.tsx'
import { navigate } from '../store/navigate.ts'

/** Carries out the commands that mean the same everywhere. */
export function useCommands(): void {
  const store = useDashboardStore()
  const api = useApi()
  const overlay = useDashboard(state => state.overlay)
  const [preferences, write] = usePreferences()
  useCommand('go.overview', () => navigate(routeTo('overview')))
  useCommand('go.topology', () => navigate(routeTo('topology')))
  useCommand('go.plan', () => navigate(routeTo('plan')))
  useCommand('go.runs', () => navigate(routeTo('runs')))
  useCommand('go.settings', () => navigate(routeTo('settings')))
  useCommand('go.back', overlay === 'none' ? () => history.back() : () => store.setState({ overlay: 'none' }))
  useCommand('palette.show', () => store.setState({ overlay: 'palette' }))
  useCommand('shortcuts.show', () => store.setState({ overlay: 'shortcuts' }))
  useCommand('project.open', () => store.setState({ overlay: 'open_project' }))
  useCommand('demo.open', () => store.setState({ overlay: 'sandbox' }))
  useCommand('run.open_file', () => void openRunFile(api, store))
  useCommand('view.reload', () => {
    // A person wants what is now, also where reading it takes long.
    const ask = (): void => store.setState(state => ({ reloads: state.reloads + 1 }))
    void api.request('topology.forget', {}).then(ask)
  })
  useCommand('view.theme', () =>
    write({ theme: nextOf(['system', 'light', 'dark', 'contrast'], preferences.theme) }),
  )
  useCommand('view.density', () =>
    write({ density: nextOf(['comfortable', 'compact'], preferences.density) }),
  )
  useCommand('view.time', () => write({ time: nextOf(['local', 'utc', 'relative'], preferences.time) }))
}

function nextOf<T extends Preferences['theme'] | Preferences['density'] | Preferences['time']>(
  values: readonly T[],
  value: T,
): T {
  return values[(values.indexOf(value) + 1) % values.length] ?? value
}
