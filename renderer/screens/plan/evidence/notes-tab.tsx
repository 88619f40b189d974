import type { Plan, PlanNote } from '../../../../shared/plan/plan.ts'
import { assertNever } from '../../../../shared/text/assert-never.ts'
import { EmptyNotice } from '../../../ui/empty-notice.tsx'
import { LongList } from '../../../ui/long-list.tsx'
import { StatusMark } from '../../../ui/status-mark.tsx'
import styles from '../evidence.module.css'

/** What a reader of the plan should know; each note once. */
export function NotesTab({ plan }: { readonly plan: Plan }) {
  const notes = [...new Map(plan.notes.map(note => [`${note.kind} ${note.text}`, note])).values()]
  if (notes.length === 0) return <EmptyNotice title="There is nothing to note about this plan." />
  return (
    <>
      <h2>Notes of the plan</h2>
      <p className="quiet">A note stops nothing by itself; it is there to be read before deciding.</p>
      <LongList items={notes} noun="note" atFirst={40} className={styles.notes}>
        {note => (
          <>
            <StatusMark
              status={note.kind === 'not_atomic_from_here' ? 'warned' : 'pending'}
              word={wordOf(note.kind)}
            />
            <span>{note.text}</span>
          </>
        )}
      </LongList>
    </>
  )
}

function wordOf(kind: PlanNote['kind']): string {
  switch (kind) {
    case 'skew':
      return 'different starts'
    case 'up_to_date':
      return 'up to date'
    case 'not_atomic_from_here':
      return 'not atomic from here'
    case 'unrendered':
      return 'not all shown'
    case 'unmatched_group':
      return 'empty group'
    case 'quarantined':
      return 'quarantine'
    case 'unreadable':
      return 'cannot be read'
    case 'passed_over':
      return 'passed over'
    case 'standby':
      return 'standby'
    default:
      return assertNever(kind)
  }
}
