import type { AnalysisState, HookState } from '../../../../shared/run/run-state.ts'
import { formatDuration, formatHeads, listNames } from '../../../../shared/text/plain-words.ts'
import { wordOfVerdict } from '../../../gates/gate-facts.ts'
import { statusOfVerdict } from '../../../status/status.ts'
import type { Column } from '../../../ui/data-table.tsx'
import { NameList } from '../../../ui/name-list.tsx'
import { StatusMark } from '../../../ui/status-mark.tsx'

/** The team's own hooks: when each stood, and what it said. */
export const hookColumns: readonly Column<HookState>[] = [
  { id: 'hook', title: 'Hook', width: 'minmax(150px, 1fr)', cell: one => one.hook },
  {
    id: 'moment',
    title: 'When',
    width: 'minmax(180px, 1fr)',
    cell: one => `${one.moment} ${one.phase.replaceAll('_', ' ')}`,
  },
  { id: 'of', title: 'Of', width: '140px', cell: one => one.tenant ?? one.group ?? 'the run' },
  {
    id: 'verdict',
    title: 'Verdict',
    width: '180px',
    cell: one => (
      <StatusMark status={statusOfVerdict(one.answer.verdict)} word={wordOfVerdict(one.answer.verdict)} />
    ),
  },
  {
    id: 'said',
    title: 'Said',
    width: 'minmax(200px, 2fr)',
    cell: one => titled(one.answer.evidence[0]?.fact ?? one.answer.value),
  },
  {
    id: 'duration',
    title: 'Duration',
    width: '100px',
    cell: one => (one.durationMs === null ? 'unknown' : formatDuration(one.durationMs)),
  },
]

/** Tenants that looked alike before the run. */
export const classColumns: readonly Column<AnalysisState['classes'][number]>[] = [
  { id: 'heads', title: 'Revision', width: '140px', cell: one => formatHeads(one.heads) },
  {
    id: 'main',
    title: 'Class',
    width: '140px',
    cell: one => (
      <StatusMark status={one.isMain ? 'passed' : 'warned'} word={one.isMain ? 'main' : 'outlier'} />
    ),
  },
  { id: 'count', title: 'Tenants', width: '90px', cell: one => one.tenants.length },
  {
    id: 'names',
    title: 'Names',
    width: 'minmax(200px, 2fr)',
    cell: one => <span title={one.tenants.join(', ')}>{listNames(one.tenants, 6)}</span>,
    full: one => <NameList names={one.tenants} what="tenants" atFirst={40} />,
  },
  {
    id: 'fingerprint',
    title: 'Fingerprint',
    width: '180px',
    cell: one => (
      <span className="mono" title={one.fingerprint}>
        {one.fingerprint.slice(0, 20)}
      </span>
    ),
    full: one => <span className="mono">{one.fingerprint}</span>,
  },
]

function titled(text: string) {
  return <span title={text}>{text}</span>
}
