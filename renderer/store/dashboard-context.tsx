import { createContext, type ReactNode, useContext } from 'react'
import { useStore } from 'zustand'
import type { EngineApi } from '../../shared/api/engine-api.ts'
import type { DashboardState, DashboardStore } from './dashboard-store.ts'

interface Dashboard {
  readonly api: EngineApi
  readonly store: DashboardStore
}

const DashboardContext = createContext<Dashboard | null>(null)

/** Lends the engine and the store to everything below. */
export function DashboardProvider({ api, store, children }: Dashboard & { readonly children: ReactNode }) {
  return <DashboardContext value={{ api, store }}>{children}</DashboardContext>
}

/** The engine. */
export function useApi(): EngineApi {
  return useLent().api
}

/** The store itself, for what is set and not shown. */
export function useDashboardStore(): DashboardStore {
  return useLent().store
}

/** A part of the dashboard's state; select narrowly, and values that stay the same. */
export function useDashboard<T>(select: (state: DashboardState) => T): T {
  return useStore(useLent().store, select)
}

function useLent(): Dashboard {
  const lent = useContext(DashboardContext)
  if (lent === null) throw new Error('a part of the dashboard is shown outside of it')
  return lent
}
