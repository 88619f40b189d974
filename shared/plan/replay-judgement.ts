/** Whether what was recorded of one tenant is sent to the others, and why not. */
export interface ReplayJudgement {
  /** `tenant`: only this one is unlike the others, and goes its own way. */
  readonly covers: 'class' | 'tenant'
  /** For one tenant, what differs; empty otherwise. */
  readonly difference: string
  /** Every revision of the way; the reason is empty where nothing speaks against its replay. */
  readonly revisions: readonly {
    readonly revision: string
    readonly reason: string
    readonly line?: number
  }[]
}
