import { CircleDashed } from 'lucide-react'
import type { NotYetJudged } from '../../shared/api/plan-view.ts'
import styles from './not-yet-judged-notice.module.css'

interface NotYetJudgedNoticeProps {
  readonly title: string
  readonly judgement: NotYetJudged
}

/** The place of something that was not judged: it says so, and never looks like a pass. */
export function NotYetJudgedNotice({ title, judgement }: NotYetJudgedNoticeProps) {
  return (
    <section className={styles.notice} aria-label={title}>
      <CircleDashed size={14} aria-hidden="true" />
      <div>
        <h3>{title}: not yet judged</h3>
        <p className="quiet">{judgement.reason}</p>
      </div>
    </section>
  )
}
