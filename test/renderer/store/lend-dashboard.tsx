import type { ReactNode } from 'react'
import { createCommandCenter } from '../../../renderer/commands/command-center.ts'
import { CommandContext } from '../../../renderer/commands/use-command.tsx'
import { DashboardProvider } from '../../../renderer/store/dashboard-context.tsx'
import { createDashboardStore, type DashboardStore } from '../../../renderer/store/dashboard-store.ts'
import type { ConnectionState, EngineApi } from '../../../shared/api/engine-api.ts'
import type { FakeEngine } from '../../support/dashboard/fake-engine.ts'

/** A dashboard around what is tested, with the fake engine behind it and a connection that can be lost. */
export interface LentDashboard {
  readonly store: DashboardStore
  readonly wrapper: (props: { readonly children: ReactNode }) => ReactNode
  setConnection(state: ConnectionState): void
}

/** Lends a connected dashboard. */
export function lendDashboard(engine: FakeEngine, hash = '#/overview'): LentDashboard {
  let state: ConnectionState = { state: 'connected' }
  const watchers = new Set<(state: ConnectionState) => void>()
  const api: EngineApi = {
    request: (name, input) => engine.request(name, input) as never,
    subscribe: listener => engine.subscribe(listener),
    watchConnection(listener) {
      watchers.add(listener)
      listener(state)
      return () => watchers.delete(listener)
    },
  }
  const { store } = createDashboardStore(api, hash)
  const center = createCommandCenter()
  return {
    store,
    wrapper: ({ children }) => (
      <DashboardProvider api={api} store={store}>
        <CommandContext value={center}>{children}</CommandContext>
      </DashboardProvider>
    ),
    setConnection(next) {
      state = next
      for (const watcher of watchers) watcher(next)
    },
  }
}
