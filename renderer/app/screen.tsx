import { Suspense, useEffect, useRef } from 'react'
import { assertNever } from '../../shared/text/assert-never.ts'
import type { Route } from '../route/route.ts'
import { OverviewScreen } from '../screens/overview/overview-screen.tsx'
import { WelcomeScreen } from '../screens/welcome/welcome-screen.tsx'
import { useDashboard } from '../store/dashboard-context.tsx'
import { EmptyNotice } from '../ui/empty-notice.tsx'
import { FailureNotice } from '../ui/failure-notice.tsx'
import { createPartCode } from '../ui/lazy-code.ts'
import { Part } from '../ui/lazy-view.tsx'
import { PanelBoundary } from '../ui/panel-boundary.tsx'
import { Waiting } from '../ui/waiting.tsx'

const topologyScreen = createPartCode(
  'The topology',
  async () => (await import('../screens/topology/topology-screen.tsx')).TopologyScreen,
)
const planScreen = createPartCode(
  'The plan',
  async () => (await import('../screens/plan/plan-screen.tsx')).PlanScreen,
)
const runsScreen = createPartCode(
  'The list of runs',
  async () => (await import('../screens/runs/runs-screen.tsx')).RunsScreen,
)
const runScreen = createPartCode(
  'The run',
  async () => (await import('../screens/run/run-screen.tsx')).RunScreen,
)
const settingsScreen = createPartCode(
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

function ScreenOf({ route }: { readonly route: Route }) {
  switch (route.screen) {
    case 'overview':
      return <OverviewScreen />
    case 'topology':
      return <Part code={topologyScreen} props={{ route }} />
    case 'plan':
      return <Part code={planScreen} props={{ route }} />
    case 'runs':
      return route.id === null ? (
        <Part code={runsScreen} props={{ route }} />
      ) : (
        <Part code={runScreen} props={{ route, runId: route.id }} />
      )
    case 'settings':
      return <Part code={settingsScreen} props={{ route }} />
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
