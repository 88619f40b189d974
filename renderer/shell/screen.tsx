import { lazy, Suspense, useEffect, useRef } from 'react'
import { assertNever } from '../../shared/assert-never.ts'
import { EmptyNotice } from '../parts/empty-notice.tsx'
import { FailureNotice } from '../parts/failure-notice.tsx'
import { PanelBoundary } from '../parts/panel-boundary.tsx'
import { Waiting } from '../parts/waiting.tsx'
import type { Route } from '../route/route.ts'
import { OverviewScreen } from '../screens/overview/overview-screen.tsx'
import { WelcomeScreen } from '../screens/welcome/welcome-screen.tsx'
import { useDashboard } from '../store/dashboard-context.tsx'

const TopologyScreen = lazy(async () => ({
  default: (await import('../screens/topology/topology-screen.tsx')).TopologyScreen,
}))
const PlanScreen = lazy(async () => ({
  default: (await import('../screens/plan/plan-screen.tsx')).PlanScreen,
}))
const RunsScreen = lazy(async () => ({
  default: (await import('../screens/runs/runs-screen.tsx')).RunsScreen,
}))
const RunScreen = lazy(async () => ({ default: (await import('../screens/run/run-screen.tsx')).RunScreen }))
const SettingsScreen = lazy(async () => ({
  default: (await import('../screens/settings/settings-screen.tsx')).SettingsScreen,
}))

/** The screen of the address. A route change moves the focus to its heading. */
export function Screen() {
  const route = useDashboard(state => state.route)
  const session = useDashboard(state => state.session)
  const failure = useDashboard(state => state.sessionFailure)
  const project = session?.project?.folder ?? ''
  // The parts of the settings are tabs of one place: the focus stays on the tab.
  const place = route.screen === 'settings' ? 'settings' : `${route.screen}/${route.id ?? ''}`
  useFocusOnHeading(place)
  if (session === null) {
    if (failure) return <FailureNotice failure={failure} />
    return (
      <Waiting rows={8} startedAt={Date.now()} waitingFor="the engine" onRetry={() => location.reload()} />
    )
  }
  const needsProject = route.screen !== 'runs' && route.screen !== 'settings'
  if (session.project === null && needsProject) return <WelcomeScreen />
  return (
    <PanelBoundary key={`${project} ${place}`} title="This screen">
      <Suspense fallback={<EmptyNotice title="Loading this screen" />}>
        <ScreenOf route={route} />
      </Suspense>
    </PanelBoundary>
  )
}

function ScreenOf({ route }: { readonly route: Route }) {
  switch (route.screen) {
    case 'overview':
      return <OverviewScreen />
    case 'topology':
      return <TopologyScreen route={route} />
    case 'plan':
      return <PlanScreen route={route} />
    case 'runs':
      return route.id === null ? <RunsScreen route={route} /> : <RunScreen route={route} runId={route.id} />
    case 'settings':
      return <SettingsScreen route={route} />
    default:
      return assertNever(route.screen)
  }
}

function useFocusOnHeading(place: string): void {
  const shown = useRef(place)
  useEffect(() => {
    if (shown.current === place) return
    shown.current = place
    const heading = document.querySelector<HTMLElement>('main h1')
    ;(heading ?? document.getElementById('main'))?.focus()
  }, [place])
}
