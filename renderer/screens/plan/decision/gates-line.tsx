import type { PlanView } from '../../../../shared/api/plan-view.ts'
import { countOf, formatDuration } from '../../../../shared/text/plain-words.ts'
import {
  factsOfCheck,
  statusOfGates,
  stoppingGates,
  tallyGates,
  wordOfVerdict,
} from '../../../gates/gate-facts.ts'
import { Link } from '../../../route/link.tsx'
import { routeTo, type ScreenRoute } from '../../../route/route.ts'
import { statusOfVerdict } from '../../../status/status.ts'
import { useDashboard } from '../../../store/dashboard-context.tsx'
import { useNow } from '../../../store/use-now.ts'
import { Button } from '../../../ui/button.tsx'
import { FailureNotice } from '../../../ui/failure-notice.tsx'
import { ProgressLines } from '../../../ui/progress-lines.tsx'
import { StatusMark } from '../../../ui/status-mark.tsx'
import styles from './decision-block.module.css'
import type { GatesCheck } from './use-check-gates.ts'

interface GatesLineProps {
  readonly route: ScreenRoute
  readonly view: PlanView
  readonly check: GatesCheck
  readonly isCurrent: boolean
  /** Whether checking is the next thing to do. */
  readonly isNext: boolean
}

/** All gates in one line with their age, and those that stand in the way by name. */
export function GatesLine({ route, view, check, isCurrent, isNext }: GatesLineProps) {
  const { gatesCheckedAt, plan } = view
  const isReadOnly = useDashboard(state => state.session?.readOnly ?? false)
  const gates = view.gates.map(one => factsOfCheck(one, gatesCheckedAt))
  const stopping = stoppingGates(gates)
  const wasChecked = gatesCheckedAt !== null && gates.length > 0
  return (
    <div className={styles.gates}>
      <div className={styles.line}>
        <StatusMark status={statusOfGates(gates)} word={tallyGates(gates)} />
        {wasChecked && <CheckedAgo at={gatesCheckedAt} />}
        <span data-next={isNext || undefined}>
          <Button
            kind={isNext && !wasChecked ? 'primary' : 'plain'}
            onPress={check.start}
            isBusy={check.isRunning}
            refusal={whyNot(isReadOnly, isCurrent)}
          >
            {wasChecked ? 'Check gates again' : 'Check gates'}
          </Button>
        </span>
      </div>
      <p className="quiet">{fitOf(view)}</p>
      {check.isRunning && <ProgressLines title="Judging gates" lines={check.lines} />}
      {check.failure && (
        <FailureNotice
          failure={check.failure}
          effect="No gate was judged, and nothing was changed."
          onRetry={check.start}
        />
      )}
      {!wasChecked && !check.isRunning && (
        <p className="quiet">
          Checking only reads: no lock is taken and nothing is changed. A run judges every gate again.
        </p>
      )}
      {stopping.length > 0 && (
        <>
          <p>{`${countOf(stopping.length, 'gate')} would stop a run before anything is changed:`}</p>
          <ul>
            {stopping.map(gate => (
              <li key={gate.gate} className={styles.stop}>
                <Link
                  to={routeTo('plan', {
                    id: route.id ?? plan.planId,
                    tab: 'gates',
                    query: { gate: gate.gate },
                  })}
                >
                  {gate.title}
                </Link>
                <StatusMark
                  status={statusOfVerdict(gate.answer?.verdict ?? null)}
                  word={wordOfVerdict(gate.answer?.verdict ?? null)}
                />
                <span>{gate.answer?.value || gate.answer?.evidence[0]?.fact}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

/** Whether the plan was compared with the fleet since; not having looked is not the same as fitting. */
function fitOf({ moved }: PlanView): string {
  return moved === null
    ? 'This plan has not been compared with the fleet since it was made; checking the gates does that too.'
    : 'When it was last compared with the fleet, nothing had moved.'
}

function whyNot(isReadOnly: boolean, isCurrent: boolean): string | null {
  if (isReadOnly) return 'this dashboard is read-only'
  return isCurrent ? null : 'what is shown here is not current: refresh first'
}

function CheckedAgo({ at }: { readonly at: string }) {
  const milliseconds = Math.max(0, useNow() - Date.parse(at))
  const ago =
    milliseconds < 2_000 ? 'just now' : `${formatDuration(Math.floor(milliseconds / 1_000) * 1_000)} ago`
  return <span className="quiet">checked {ago}</span>
}
