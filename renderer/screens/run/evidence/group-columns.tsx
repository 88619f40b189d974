import type { GroupState } from '../../../../shared/run/run-state.ts'
import { countOf } from '../../../../shared/text/plain-words.ts'
import type { Column } from '../../../ui/data-table.tsx'
import { StatusMark } from '../../../ui/status-mark.tsx'
import { describeDecision, describeGroupMode, describeWindow, statusOfGroup } from './group-words.ts'

/** What each group decided, how it ended, and for how long its readers may have waited. */
export const groupColumns: readonly Column<GroupState>[] = [
  {
    id: 'group',
    title: 'Group',
    width: 'minmax(120px, 1fr)',
    cell: one => <span title={one.group}>{one.group}</span>,
  },
  { id: 'wave', title: 'Wave', width: '64px', cell: one => one.wave },
  { id: 'tenants', title: 'Tenants', width: '110px', cell: one => countOf(one.tenants.length, 'tenant') },
  { id: 'mode', title: 'Mode', width: '190px', cell: describeGroupMode },
  { id: 'decision', title: 'Decision', width: '140px', cell: describeDecision },
  { id: 'result', title: 'Result', width: '170px', cell: one => <StatusMark {...statusOfGroup(one)} /> },
  {
    id: 'window',
    title: 'Window',
    width: 'minmax(250px, 2fr)',
    cell: one => <span title={describeWindow(one)}>{describeWindow(one)}</span>,
  },
]
