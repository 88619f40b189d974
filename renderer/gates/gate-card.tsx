import { useId } from 'react'
import { formatDuration } from '../../shared/text/plain-words.ts'
import { statusOfVerdict } from '../status/status.ts'
import { StatusMark } from '../ui/status-mark.tsx'
import { Time } from '../ui/time.tsx'
import { EvidenceList } from './evidence-list.tsx'
import styles from './gate-card.module.css'
import { type GateFacts, isStopping, wordOfVerdict } from './gate-facts.ts'

interface GateCardProps {
  readonly gate: GateFacts
  /** Where its name and verdict stand right above it already. */
  readonly isTitleHidden?: boolean
}

/** Everything about one gate that a person needs to act on it: what was measured against what, why, evidence and remedy. */
export function GateCard({ gate, isTitleHidden = false }: GateCardProps) {
  const heading = useId()
  const { answer, why, title } = gate
  return (
    <article className={styles.card} aria-labelledby={heading} data-stops={isStopping(gate) || undefined}>
      <header className={isTitleHidden ? 'visually-hidden' : styles.header}>
        <h3 id={heading}>{title}</h3>
        <StatusMark
          status={statusOfVerdict(answer?.verdict ?? null)}
          word={wordOfVerdict(answer?.verdict ?? null)}
        />
        <code className="quiet">{gate.gate}</code>
      </header>
      {answer === null ? (
        <p>It is being judged; there is no answer yet.</p>
      ) : (
        <>
          <dl className={styles.measure}>
            <div>
              <dt>Measured</dt>
              <dd>{answer.value === '' ? 'nothing could be measured' : answer.value}</dd>
            </div>
            <div>
              <dt>Limit</dt>
              <dd>{answer.threshold === '' ? 'none' : answer.threshold}</dd>
            </div>
          </dl>
          <Consequence gate={gate} />
          {answer.remedy !== '' && (
            <section>
              <h4>How to fix it</h4>
              <p>{answer.remedy}</p>
            </section>
          )}
          <section>
            <h4>Evidence</h4>
            <EvidenceList evidence={answer.evidence} />
          </section>
        </>
      )}
      {why !== '' && (
        <section>
          <h4>Why it exists</h4>
          <p>{why}</p>
        </section>
      )}
      <Judged gate={gate} />
    </article>
  )
}

/** What the verdict means for the migration, where the word alone does not say it. */
function Consequence({ gate: { answer } }: { readonly gate: GateFacts }) {
  switch (answer?.verdict) {
    case 'failed':
      return <p>A failed gate stops a run before anything is changed.</p>
    case 'inconclusive':
      return <p>It could not be judged. That stops a run like a failed gate: nothing is changed.</p>
    case 'waived':
      return (
        <p>Waived in lockstep.yml: a run goes on although the gate found something. The evidence says why.</p>
      )
    case 'warned':
      return <p>A warning stops nothing; it is recorded with the run.</p>
    case 'not_applicable':
      return <p>There is nothing here that this gate could judge.</p>
    default:
      return null
  }
}

function Judged({ gate: { at, durationMs, momentary } }: { readonly gate: GateFacts }) {
  const hasTime = at !== null || durationMs !== null
  return (
    <p className={styles.judged}>
      {hasTime && 'Judged'}
      {at !== null && (
        <>
          {' at '}
          <Time at={at} hasDate />
        </>
      )}
      {durationMs !== null && ` in ${formatDuration(durationMs)}`}
      {hasTime && '. '}
      {momentary
        ? 'It can change from one moment to the next: a run judges it again before its first statement.'
        : 'A run judges it once, under its lock.'}
    </p>
  )
}
