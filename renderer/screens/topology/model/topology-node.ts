import type { TenantPosition } from '../../../../shared/api/topology-view.ts'
import type { ServiceObservation } from '../../../../shared/topology/discovered-project.ts'
import type { ServerObservation } from '../../../../shared/topology/topology.ts'
import type { TenantGroup } from './tenant-groups.ts'

/** Something that is drawn. `column` counts from the left. */
export type TopologyNode = {
  readonly id: string
  readonly column: number
  readonly cluster: string | null
} & (
  | { readonly kind: 'service'; readonly service: ServiceObservation; readonly isObserved: boolean }
  | {
      readonly kind: 'server'
      readonly server: ServerObservation
      readonly service: ServiceObservation | null
      /** Whether a daemon was asked for its container. */
      readonly isObserved: boolean
    }
  | { readonly kind: 'group'; readonly group: TenantGroup }
  | { readonly kind: 'tenant'; readonly tenant: TenantPosition }
  | { readonly kind: 'fold'; readonly fold: Fold }
)

export interface TopologyEdge {
  readonly from: string
  readonly to: string
  /** `streaming` and `logical` are replication; `holds` leads from a server to the tenants in it, `uses` from a service to a server that it depends on. */
  readonly kind: 'streaming' | 'logical' | 'holds' | 'uses'
}

/** Many of one kind and state, drawn as one. */
export interface Fold {
  readonly of: 'services' | 'servers'
  readonly state: string
  readonly count: number
}
