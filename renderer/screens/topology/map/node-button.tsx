import type { LucideIcon } from 'lucide-react'
import {
  Box as BoxIcon,
  Database,
  DatabaseBackup,
  Layers,
  Route as RouteIcon,
  ScrollText,
  User,
  Waypoints,
} from 'lucide-react'
import { assertNever } from '../../../../shared/text/assert-never.ts'
import { StatusMark } from '../../../ui/status-mark.tsx'
import { describeNode } from '../model/describe-node.ts'
import type { ServerHealth } from '../model/server-health.ts'
import type { TopologyNode } from '../model/topology-node.ts'
import type { Box } from './place-nodes.ts'
import { StateBar } from './state-bar.tsx'
import styles from './topology-graph.module.css'

interface NodeButtonProps {
  readonly node: TopologyNode
  readonly box: Box
  readonly health: ServerHealth | null
  readonly isSelected: boolean
  readonly onSelect: (node: TopologyNode) => void
}

/** One node: what it is by shape and name, how it is by glyph and word. */
export function NodeButton({ node, box, health, isSelected, onSelect }: NodeButtonProps) {
  const Icon = iconOf(node)
  const { name, status, word, spoken } = describeNode(node, health)
  return (
    <button
      type="button"
      className={styles.node}
      data-kind={node.kind}
      data-broken={health?.status === 'failed' || undefined}
      aria-pressed={isSelected}
      aria-label={spoken}
      title={spoken}
      style={{ left: box.x, top: box.y, width: box.width, height: box.height }}
      onClick={() => onSelect(node)}
    >
      <Icon size={18} aria-hidden="true" className={styles.icon} />
      <span className={styles.name}>{name}</span>
      <span className={styles.state}>
        {node.kind === 'group' ? (
          <StateBar counts={node.group.counts} />
        ) : (
          <StatusMark status={status} word={word} />
        )}
      </span>
    </button>
  )
}

function iconOf(node: TopologyNode): LucideIcon {
  switch (node.kind) {
    case 'service':
      return { postgres: Database, pooler: Waypoints, migrations: ScrollText, other: BoxIcon }[
        node.service.kind
      ]
    case 'server':
      return node.server.role === 'standby' || node.server.declaredRole === 'standby'
        ? DatabaseBackup
        : Database
    case 'group':
      return Layers
    case 'tenant':
      return User
    case 'fold':
      return RouteIcon
    default:
      return assertNever(node)
  }
}
