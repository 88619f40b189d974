import type { LagSeries } from '../../../../shared/api/topology-view.ts'
import { assertNever } from '../../../../shared/text/assert-never.ts'
import { countOf } from '../../../../shared/text/plain-words.ts'
import type { TopologyFinding } from '../../../../shared/topology/discovered-project.ts'
import { Button } from '../../../ui/button.tsx'
import type { TopologyNode } from '../model/topology-node.ts'
import { FindingsList } from './findings-list.tsx'
import { GroupFacts } from './group-facts.tsx'
import { ServerFacts } from './server-facts.tsx'
import { ServiceFacts } from './service-facts.tsx'
import styles from './side-panel.module.css'
import { TenantFacts } from './tenant-facts.tsx'

interface SidePanelProps {
  readonly node: TopologyNode | null
  readonly findings: readonly TopologyFinding[]
  readonly lag: readonly LagSeries[]
  /** How many more nodes may be drawn. */
  readonly room: number
  readonly onClose: () => void
}

/** What was found out, or everything that is known of the selected node. */
export function SidePanel({ node, findings, lag, room, onClose }: SidePanelProps) {
  if (node === null) {
    return (
      <aside className={styles.panel} aria-label="Findings">
        <h3>{findings.length === 0 ? 'Nothing to report' : countOf(findings.length, 'finding')}</h3>
        {findings.length === 0 ? (
          <p className="quiet">
            Servers and services are what they are declared to be, as far as they were asked.
          </p>
        ) : (
          <FindingsList findings={findings} />
        )}
        <p className="quiet">Select a node to see its facts.</p>
      </aside>
    )
  }
  const name = nameOfNode(node)
  const own = findings.filter(finding => finding.subject === name)
  return (
    <aside className={styles.panel} aria-label={`Facts of ${name}`}>
      <header className={styles.header}>
        <h3 className={styles.title}>{name}</h3>
        <Button kind="quiet" onPress={onClose} label={`Close facts of ${name}`}>
          Close
        </Button>
      </header>
      {own.length > 0 && <FindingsList findings={own} />}
      <Facts node={node} lag={lag} room={room} />
    </aside>
  )
}

function Facts({ node, lag, room }: Pick<SidePanelProps, 'lag' | 'room'> & { readonly node: TopologyNode }) {
  switch (node.kind) {
    case 'server':
      return (
        <ServerFacts
          server={node.server}
          service={node.service}
          isObserved={node.isObserved}
          series={lag.find(series => series.server === node.server.server) ?? null}
        />
      )
    case 'service':
      return <ServiceFacts service={node.service} isObserved={node.isObserved} />
    case 'group':
      return <GroupFacts group={node.group} room={room} />
    case 'tenant':
      return <TenantFacts tenant={node.tenant} />
    case 'fold':
      return <p className="quiet">The table lists each of them.</p>
    default:
      return assertNever(node)
  }
}

/** What a node is called. */
export function nameOfNode(node: TopologyNode): string {
  switch (node.kind) {
    case 'server':
      return node.server.server
    case 'service':
      return node.service.service
    case 'group':
      return node.group.name
    case 'tenant':
      return node.tenant.tenant
    case 'fold':
      return `${node.fold.count} ${node.fold.of}`
    default:
      return assertNever(node)
  }
}
