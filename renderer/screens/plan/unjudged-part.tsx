import type { PlanView } from '../../../shared/api/plan-view.ts'
import { NotYetJudgedNotice } from '../../parts/not-yet-judged-notice.tsx'
import styles from './evidence.module.css'

type UnjudgedPartName = 'rehearsal' | 'lint' | 'way-back'

interface UnjudgedPartProps {
  readonly part: UnjudgedPartName
  readonly view: PlanView
}

const places: Readonly<
  Record<UnjudgedPartName, { readonly title: string; readonly says: readonly (readonly [string, string])[] }>
> = {
  rehearsal: {
    title: 'Rehearsal',
    says: [
      ['Where it ran', 'Container and image, version of PostgreSQL, shape of the data.'],
      ['Locks', 'Each lock that a statement takes, with its mode and how long it is held.'],
      ['Rewrites', 'Tables that are rewritten, and how many rows.'],
      ['Duration', 'Per statement; a copy is not production, and the numbers say so.'],
      ['Result', 'The fingerprint that the real run has to end in.'],
    ],
  },
  lint: {
    title: 'Lint',
    says: [
      ['Findings', 'Each at its line of the statement, with the gate that it concerns.'],
      ['Safe rewrite', 'The same change without the lock or the rewrite, as a comparison.'],
    ],
  },
  'way-back': {
    title: 'Way back',
    says: [
      ['Per tenant', 'What would be executed, and in which order.'],
      ['Loss', 'Whether it loses data, and which.'],
      ['Proof', 'Whether up and down again came to the same fingerprint.'],
    ],
  },
}

/** The place of evidence that this version does not have: what it will say, and that nobody judged it. */
export function UnjudgedPart({ part, view }: UnjudgedPartProps) {
  const { title, says } = places[part]
  const reason = view.foresight?.notRehearsed || 'This part of the plan is not judged yet.'
  const judgement = { state: 'not_yet_judged', reason } as const
  return (
    <>
      <h2>{title}</h2>
      <NotYetJudgedNotice title={title} judgement={judgement} />
      <dl className={styles.places}>
        {says.map(([name, what]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <span className="quiet">{what}</span>
              <span className={styles.noData}>no data</span>
            </dd>
          </div>
        ))}
      </dl>
    </>
  )
}
