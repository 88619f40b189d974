import { useMemo } from 'react'
import type { RunView } from '../../../shared/api/run-view.ts'
import type { TenantState } from '../../../shared/run/run-state.ts'
import { assertNever } from '../../../shared/text/assert-never.ts'
import { LagPanel } from '../../lag/lag-panel.tsx'
import { LogViewer } from '../../log/log-viewer.tsx'
import { routeTo, type ScreenRoute } from '../../route/route.ts'
import { useApi } from '../../store/dashboard-context.tsx'
import { navigate } from '../../store/navigate.ts'
import { TenantsPanel } from '../../tenants/tenants-panel.tsx'
import { RunEvidence } from './evidence/run-evidence.tsx'
import { GatesTab } from './gates-tab.tsx'
import { stageOf } from './header/describe-run.ts'
import { findFirstFailure } from './overview/find-first-failure.ts'
import { RunOverview } from './overview/run-overview.tsx'
import type { RunTabId } from './run-tab-id.ts'
import { useFirstFailure } from './use-first-failure.ts'

interface RunTabProps {
  readonly route: ScreenRoute
  readonly view: RunView
  readonly current: RunTabId
}

/** One part of a run. */
export function RunTab({ route, view, current }: RunTabProps) {
  const { state, summary } = view
  const api = useApi()
  const openFailure = useFirstFailure(summary.runId)
  // Tenants change with every event, their names do not.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above.
  const names = useMemo(() => state.tenants.map(({ tenant }) => tenant), [state.plan, state.tenants.length])
  const openTenant = async ({ tenant, status }: TenantState): Promise<void> => {
    const hasFailed = status === 'failed' || status === 'unsettled'
    const reply = hasFailed
      ? await api.request('log.firstFailure', { runId: summary.runId, filter: { tenant } })
      : null
    const line = reply?.ok ? reply.value.line : null
    const query = line === null ? { tenant } : { tenant, line: String(line) }
    navigate(routeTo('runs', { id: summary.runId, tab: 'logs', query }))
  }
  switch (current) {
    case 'overview':
      return <RunOverview view={view} onOpenFailure={openFailure} />
    case 'gates':
      return <GatesTab route={route} gates={state.gates} words={view.gateWords} />
    case 'tenants':
      return (
        <TenantsPanel
          route={route}
          tenants={state.tenants}
          proofs={state.proofs}
          onOpen={tenant => void openTenant(tenant)}
        />
      )
    case 'logs':
      return (
        <LogViewer
          route={route}
          runId={summary.runId}
          isLive={stageOf(view) === 'at_work' && !summary.isImported}
          written={state.lastSeq}
          startedAt={state.startedAt}
          hasFailed={findFirstFailure(state) !== null}
          tenants={names}
          gates={[...state.gates.map(({ gate }) => gate), ...state.smokeTests.map(({ test }) => test)]}
          attempts={Math.max(0, ...state.tenants.map(({ attempts }) => attempts))}
        />
      )
    case 'lag':
      return <LagPanel series={view.lag} limitLabel="limit of the gate" />
    case 'evidence':
      return <RunEvidence state={state} />
    default:
      return assertNever(current)
  }
}
