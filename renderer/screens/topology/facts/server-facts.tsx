import type { LagSeries } from '../../../../shared/api/topology-view.ts'
import { describeWay } from '../../../../shared/server/server-way.ts'
import type { ServiceObservation } from '../../../../shared/topology/discovered-project.ts'
import type { ServerObservation, StandbyState } from '../../../../shared/topology/topology.ts'
import { summarizeSeries } from '../../../lag/describe-lag.ts'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { FailureNotice } from '../../../ui/failure-notice.tsx'
import { StatusMark } from '../../../ui/status-mark.tsx'
import { judgeServer } from '../model/server-health.ts'
import { FactList, type FactRow } from './fact-list.tsx'
import { writePsqlCommand } from './psql-command.ts'
import { ServiceFacts } from './service-facts.tsx'
import styles from './side-panel.module.css'

interface ServerFactsProps {
  readonly server: ServerObservation
  readonly service: ServiceObservation | null
  readonly isObserved: boolean
  readonly series: LagSeries | null
}

/** One server as declared and as observed, and the container that it runs in. */
export function ServerFacts({ server, service, isObserved, series }: ServerFactsProps) {
  const { status, word } = judgeServer(server, series)
  const command = writePsqlCommand(server, service, 'postgres')
  const isDifferent = server.role !== 'unreachable' && server.role !== server.declaredRole
  const rows: readonly FactRow[] = [
    ['State', <StatusMark key="state" status={status} word={word} />],
    [
      'Role',
      isDifferent ? (
        <StatusMark key="role" status="failed" word={`${server.role}, declared ${server.declaredRole}`} />
      ) : (
        `${server.role}${server.role === 'unreachable' ? `, declared ${server.declaredRole}` : ', as declared'}`
      ),
    ],
    ['Version', formatVersion(server.version)],
    ['Way', server.way ? describeWay(server.way) : null],
    ['Endpoint', <code key="endpoint">{server.endpoint}</code>],
    ['System identifier', server.systemIdentifier && <code key="system">{server.systemIdentifier}</code>],
    ['Timeline', server.timeline],
    ...(server.replication ? listReplication(server.replication) : []),
  ]
  return (
    <>
      {series && <p>{summarizeSeries(series)}</p>}
      {server.failure && <FailureNotice failure={server.failure} />}
      <FactList rows={rows} />
      {command !== null && (
        <div className={styles.action}>
          <CopyButton text={command} label="Copy psql command (no password)" />
        </div>
      )}
      {service && (
        <>
          <h4 className={styles.subtitle}>Container</h4>
          <ServiceFacts service={service} isObserved={isObserved} />
        </>
      )}
    </>
  )
}

function listReplication(state: StandbyState): readonly FactRow[] {
  return [
    ['WAL receiver', state.receiver ?? 'none'],
    ['Replay', state.replayPause],
    ['Received', state.receivedLsn && <code key="received">{state.receivedLsn}</code>],
    ['Replayed', state.replayedLsn && <code key="replayed">{state.replayedLsn}</code>],
  ]
}

/** `180004` as people write it: 18.4. */
export function formatVersion(version: number | null): string | null {
  return version === null ? null : `${Math.floor(version / 10_000)}.${version % 10_000}`
}
