import type { ReactNode } from 'react'
import type { PlanFinding } from '../../../../shared/analysis/finding.ts'
import { describeFailure } from '../../../../shared/failure/describe-failure.ts'
import type { Failure } from '../../../../shared/failure/failure.ts'
import type { RunState } from '../../../../shared/run/run-state.ts'
import { formatBytes, formatDuration } from '../../../../shared/text/plain-words.ts'
import analysis from '../../../analysis/analysis.module.css'
import { sortFindings, tallyFindings } from '../../../analysis/finding-facts.ts'
import { FindingView } from '../../../analysis/finding-view.tsx'
import { wordOfVerdict } from '../../../gates/gate-facts.ts'
import { statusOfVerdict } from '../../../status/status.ts'
import type { Column } from '../../../ui/data-table.tsx'
import { LongList } from '../../../ui/long-list.tsx'
import { StatusMark } from '../../../ui/status-mark.tsx'
import { Time } from '../../../ui/time.tsx'
import styles from '../run-screen.module.css'
import { EvidenceTable } from './evidence-table.tsx'
import { groupColumns } from './group-columns.tsx'
import { classColumns, hookColumns } from './hook-and-class-columns.tsx'
import { snapshotColumns } from './snapshot-columns.tsx'

/** Everything that proves what a run did, part by part. */
export function RunEvidence({ state }: { readonly state: RunState }) {
  const withSnapshot = state.tenants.filter(tenant => tenant.snapshot !== null)
  return (
    <div className={styles.evidence}>
      <p className="quiet">A row opens to everything that it says: by a click, or by Enter.</p>
      <EvidenceTable
        title="Groups"
        rows={state.groups}
        missing="No group is planned yet."
        keyOf={one => one.group}
        columns={groupColumns}
      />
      <EvidenceTable
        title="Rollback proofs"
        rows={state.proofs}
        missing="No tenant was rolled back."
        keyOf={one => one.tenant}
        columns={proofColumns}
      />
      <EvidenceTable
        title="Fingerprints of primary and standby"
        rows={state.comparisons.toSorted((left, right) => Number(left.equal) - Number(right.equal))}
        missing="No fingerprint was compared."
        keyOf={one => `${one.tenant} ${one.server}`}
        columns={comparisonColumns}
      />
      <EvidenceTable
        title="Standbys"
        rows={state.standbys}
        missing="No standby was checked."
        keyOf={one => one.server}
        columns={standbyColumns}
      />
      <EvidenceTable
        title="Smoke tests"
        rows={state.smokeTests}
        missing="No smoke test was run."
        keyOf={one => `${one.group} ${one.test}`}
        columns={smokeColumns}
      />
      <EvidenceTable
        title="Hooks"
        rows={state.hooks}
        missing="No hook ran in this run."
        keyOf={one => [one.hook, one.moment, one.phase, one.group, one.tenant].join(' ')}
        columns={hookColumns}
      />
      <EvidenceTable
        title="Classes of schemas before the run"
        rows={(state.foreseen?.classes ?? []).toSorted((a, b) => Number(a.isMain) - Number(b.isMain))}
        missing="The tenants were not compared with each other."
        keyOf={one => `${one.heads.join('+')} ${one.fingerprint}`}
        columns={classColumns}
      />
      <EvidenceTable
        title="Statements"
        rows={state.statements}
        missing="No statement was executed."
        keyOf={one => `${one.revision} ${one.index}`}
        columns={statementColumns}
      />
      <EvidenceTable
        title="Snapshots"
        rows={withSnapshot}
        missing="No snapshot was taken."
        keyOf={one => one.tenant}
        columns={snapshotColumns}
      />
      <EvidenceTable
        title="Approvals"
        rows={state.approvals}
        missing="No approval was given."
        keyOf={one => `${one.planId} ${one.at}`}
        columns={approvalColumns}
      />
      <EvidenceTable
        title="Servers"
        rows={state.servers}
        missing="No server was asked."
        keyOf={one => one.server}
        columns={serverColumns}
      />
      <Findings findings={state.foreseen?.findings ?? []} />
    </div>
  )
}

/** What was found in the plan before it ran, and let through. */
function Findings({ findings }: { readonly findings: readonly PlanFinding[] }) {
  if (findings.length === 0) return null
  return (
    <section className={styles.part} aria-label="Findings">
      <h2>
        Findings <span className="quiet">{findings.length}</span>
      </h2>
      <p className="quiet">{tallyFindings(findings)}</p>
      <LongList items={sortFindings(findings)} noun="finding" atFirst={10} className={analysis.findings}>
        {finding => <FindingView finding={finding} />}
      </LongList>
    </section>
  )
}

type RowOf<Key extends keyof RunState> = RunState[Key] extends readonly (infer Row)[] ? Row : never

const proofColumns: readonly Column<RowOf<'proofs'>>[] = [
  { id: 'tenant', title: 'Tenant', width: 'minmax(150px, 1fr)', cell: one => one.tenant },
  {
    id: 'equal',
    title: 'Proof',
    width: '160px',
    cell: one => equality(one.equal, 'as before', 'not as before'),
  },
  {
    id: 'before',
    title: 'Before',
    width: 'minmax(180px, 1fr)',
    cell: one => hash(one.before),
    full: one => whole(one.before),
  },
  {
    id: 'found',
    title: 'Found',
    width: 'minmax(180px, 1fr)',
    cell: one => hash(one.found),
    full: one => whole(one.found),
  },
]

const comparisonColumns: readonly Column<RowOf<'comparisons'>>[] = [
  { id: 'tenant', title: 'Tenant', width: 'minmax(150px, 1fr)', cell: one => one.tenant },
  { id: 'server', title: 'Server', width: '140px', cell: one => one.server },
  { id: 'equal', title: 'Result', width: '120px', cell: one => equality(one.equal, 'equal', 'differs') },
  {
    id: 'expected',
    title: 'Expected',
    width: '180px',
    cell: one => hash(one.expected),
    full: one => whole(one.expected),
  },
  {
    id: 'found',
    title: 'Found',
    width: '180px',
    cell: one => hash(one.found),
    full: one => whole(one.found),
  },
  {
    id: 'objects',
    title: 'Objects that differ',
    width: 'minmax(160px, 1fr)',
    cell: one => text(one.objects.join(', ')),
  },
]

const standbyColumns: readonly Column<RowOf<'standbys'>>[] = [
  { id: 'server', title: 'Standby', width: 'minmax(150px, 1fr)', cell: one => one.server },
  {
    id: 'caughtUp',
    title: 'Followed',
    width: '160px',
    cell: one =>
      one.caughtUp === null && one.promise !== undefined ? (
        <StatusMark
          status="pending"
          word={one.promise === 'delayed' ? 'received, replays late' : 'from an archive'}
        />
      ) : one.caughtUp === null ? (
        <StatusMark status="pending" word="not waited for" />
      ) : (
        equality(one.caughtUp, 'caught up', 'did not follow')
      ),
  },
  { id: 'waited', title: 'Waited', width: '100px', cell: one => taken(one.waitedMs) },
  { id: 'lag', title: 'Last lag', width: '120px', cell: one => formatBytes(one.lagBytes) },
  { id: 'group', title: 'After group', width: '120px', cell: one => one.group ?? '' },
  {
    id: 'failure',
    title: 'Why not',
    width: 'minmax(200px, 2fr)',
    cell: one => (one.failure === null ? '' : text(describeFailure(one.failure).what)),
    full: one => (one.failure === null ? '' : sentencesOf(one.failure)),
  },
]

const smokeColumns: readonly Column<RowOf<'smokeTests'>>[] = [
  { id: 'test', title: 'Test', width: 'minmax(150px, 1fr)', cell: one => one.test },
  { id: 'group', title: 'Group', width: '120px', cell: one => one.group },
  {
    id: 'verdict',
    title: 'Verdict',
    width: '180px',
    cell: one => (
      <StatusMark status={statusOfVerdict(one.answer.verdict)} word={wordOfVerdict(one.answer.verdict)} />
    ),
  },
  { id: 'value', title: 'Measured', width: 'minmax(160px, 1fr)', cell: one => text(one.answer.value) },
  { id: 'threshold', title: 'Limit', width: '160px', cell: one => text(one.answer.threshold) },
  { id: 'duration', title: 'Duration', width: '100px', cell: one => taken(one.durationMs) },
]

const statementColumns: readonly Column<RowOf<'statements'>>[] = [
  {
    id: 'sql',
    title: 'Statement',
    width: 'minmax(260px, 2fr)',
    cell: one => <code title={one.sql}>{one.sql}</code>,
    full: one => <pre>{one.sql}</pre>,
  },
  { id: 'revision', title: 'Revision', width: '110px', cell: one => one.revision },
  { id: 'executions', title: 'Executions', width: '104px', cell: one => one.executions },
  { id: 'total', title: 'In all', width: '96px', cell: one => taken(one.totalMs) },
  { id: 'slowest', title: 'Slowest', width: '96px', cell: one => taken(one.slowestMs) },
  { id: 'tenant', title: 'Slowest tenant', width: '150px', cell: one => text(one.slowestTenant) },
]

const approvalColumns: readonly Column<RowOf<'approvals'>>[] = [
  {
    id: 'plan',
    title: 'Plan',
    width: 'minmax(180px, 1fr)',
    cell: one => hash(one.planId),
    full: one => whole(one.planId),
  },
  { id: 'by', title: 'By', width: '160px', cell: one => one.by ?? 'not recorded' },
  { id: 'how', title: 'How', width: '120px', cell: one => one.how },
  { id: 'at', title: 'When', width: '220px', cell: one => <Time at={one.at} hasDate /> },
]

const serverColumns: readonly Column<RowOf<'servers'>>[] = [
  { id: 'server', title: 'Server', width: 'minmax(150px, 1fr)', cell: one => one.server },
  { id: 'role', title: 'Role', width: '140px', cell: one => one.role },
  { id: 'declared', title: 'Declared as', width: '140px', cell: one => one.declaredRole },
  {
    id: 'version',
    title: 'PostgreSQL',
    width: '120px',
    cell: one =>
      one.version === null ? 'unknown' : `${Math.floor(one.version / 10_000)}.${one.version % 10_000}`,
  },
]

function equality(isEqual: boolean, yes: string, no: string): ReactNode {
  return <StatusMark status={isEqual ? 'passed' : 'failed'} word={isEqual ? yes : no} />
}

function hash(value: string): ReactNode {
  return (
    <span className="mono" title={value}>
      {value.slice(0, 20)}
    </span>
  )
}

/** The whole of what a cell shows the beginning of. */
function whole(value: string): ReactNode {
  return <span className="mono">{value}</span>
}

function sentencesOf(failure: Failure): string {
  const { what, why, fix } = describeFailure(failure)
  return [what, why, fix].filter(Boolean).join(' ')
}

function text(value: string): ReactNode {
  return <span title={value}>{value}</span>
}

function taken(milliseconds: number | null): string {
  return milliseconds === null ? 'unknown' : formatDuration(milliseconds)
}
