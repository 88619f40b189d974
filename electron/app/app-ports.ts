import type { EnginePorts } from '../engine/ports/engine-ports.ts'
import type { LeftCopies } from './ports/left-copies.ts'
import type { PlanStore } from './ports/plan-store.ts'
import type { RollbackStore } from './ports/rollback-store.ts'
import type { RunArchive } from './ports/run-archive.ts'

/** The outside world as all use cases together know it: each says which part of it it needs. */
export interface AppPorts extends EnginePorts {
  readonly plans: PlanStore
  readonly rollbacks: RollbackStore
  readonly leftCopies: LeftCopies
  readonly archive: RunArchive
  /** An id for what begins now: later ones sort behind it. */
  readonly newRunId: () => string
}
