import { Suspense, useEffect, useRef } from 'react'
import { assertNever } from '../../shared/text/assert-never.ts'
import type { ScreenRoute } from '../route/route.ts'
import { OverviewScreen } from '../screens/overview/overview-screen.tsx'
import { WelcomeScreen } from '../screens/welcome/welcome-screen.tsx'
import { useDashboard } from '../store/dashboard-context.tsx'
import { EmptyNotice } from '../ui/empty-notice.tsx'
import { FailureNotice } from '../ui/failure-notice.tsx'
import { createLazyCode } from '../ui/lazy-code.ts'
import { LazyView } from '../ui/lazy-view.tsx'
import { PanelBoundary } from '../ui/panel-boundary.tsx'
import { Waiting } from '../ui/waiting.tsx'

const topologyScreen = createLazyCode(
  'The topology',
  async () => (await import('../screens/topology/topology-screen.tsx')).TopologyScreen,
)
const planScreen = createLazyCode(
  'The plan',
  async () => (await import('../screens/plan/plan-screen.tsx')).PlanScreen,
)
const runsScreen = createLazyCode(
  'The list of runs',
  async () => (await import('../screens/runs/runs-screen.tsx')).RunsScreen,
)
const runScreen = createLazyCode(
  'The run',
  async () => (await import('../screens/run/run-screen.tsx')).RunScreen,
)
const settingsScreen = createLazyCode(
  'The settings',
  async () => (await import('../screens/settings/settings-screen.tsx')).SettingsScreen,
)

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

function ScreenOf({ route }: { readonly route: ScreenRoute }) {
  switch (route.screen) {
    case 'overview':
      return <OverviewScreen />
    case 'topology':
      return <LazyView code={topologyScreen} props={{ route }} />
    case 'plan':
      return <LazyView code={planScreen} props={{ route }} />
    case 'runs':
      return route.id === null ? (
        <LazyView code={runsScreen} props={{ route }} />
      ) : (
        <LazyView code={runScreen} props={{ route, runId: route.id }} />
      )
    case 'settings':
      return <LazyView code={settingsScreen} props={{ route }} />
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
