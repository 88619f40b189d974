/** What keeps a run from being undone, or from being begun without what it could be undone with. */
export type RollbackFailure =
  /** A copy of a tenant's data that the configuration asks for could not be made; nothing was changed. */
  | { readonly kind: 'snapshot_failed'; readonly tenant: string; readonly tried: readonly string[] }
  | { readonly kind: 'rollback_refused'; readonly runId: string; readonly reasons: readonly string[] }
  /** It would lose something, and that was not accepted. */
  | { readonly kind: 'loss_not_accepted'; readonly runId: string; readonly losses: readonly string[] }
  /** Others are connected to databases that have to be renamed. */
  | {
      readonly kind: 'tenant_in_use'
      readonly tenants: readonly string[]
      readonly sessions: readonly string[]
    }
