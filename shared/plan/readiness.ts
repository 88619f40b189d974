/** "May I migrate now?", answered once: the same verdict in `lockstep status` and at the top of the dashboard. */
export interface Readiness {
  readonly verdict: ReadinessVerdict
  /** One sentence that a person would say, such as "tenant cedar has 2 orphan rows (gate: foreign_keys)." */
  readonly reason: string
  readonly action: NextAction
}

export type ReadinessVerdict =
  | 'no_project'
  | 'ready'
  | 'up_to_date'
  | 'blocked'
  | 'waiting_for_approval'
  | 'running'
  | 'needs_human'

/** The one thing to do next. */
export type NextAction =
  | { readonly kind: 'choose_project' }
  | { readonly kind: 'make_plan' }
  | { readonly kind: 'open_plan'; readonly planId: string }
  | {
      readonly kind: 'open_run'
      readonly runId: string
      readonly part: 'overview' | 'gates' | 'tenants' | 'logs'
    }
  | { readonly kind: 'recover'; readonly runId: string }
  | { readonly kind: 'open_topology' }
  | { readonly kind: 'none' }
