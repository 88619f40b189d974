import { useRef, useState } from 'react'
import type { PlanView } from '../../../../shared/api/plan-view.ts'
import { useCommand } from '../../../commands/use-command.tsx'
import { factsOfCheck, stoppingGates } from '../../../gates/gate-facts.ts'
import { routeTo, type ScreenRoute } from '../../../route/route.ts'
import { navigate } from '../../../store/navigate.ts'
import { ApplyAction } from './apply-action.tsx'
import { DecideForm } from './decide-form.tsx'
import styles from './decision-block.module.css'
import { GatesLine } from './gates-line.tsx'
import { MovedNotice } from './moved-notice.tsx'
import { isVoid, movedOf } from './plan-facts.ts'
import { PlanIdentity } from './plan-identity.tsx'
import { RecordLine } from './record-line.tsx'
import { useCheckGates } from './use-check-gates.ts'

interface DecisionBlockProps {
  readonly route: ScreenRoute
  readonly view: PlanView
  /** False while the connection is lost: what is shown may have changed. */
  readonly isCurrent: boolean
  /** Something about the plan is different now. */
  readonly onChanged: () => void
  readonly onDecided: (planId: string) => void
}

/** What a refused start said about a plan. */
interface Refused {
  readonly planId: string
  readonly moved: readonly string[]
}

/** Where the plan stands and what can be done about it now: one next action, with the reason beside every refusal. */
export function DecisionBlock({ route, view, isCurrent, onChanged, onDecided }: DecisionBlockProps) {
  const { plan, record } = view
  const [refused, setRefused] = useState<Refused | null>(null)
  const movedAtStart = refused?.planId === plan.planId ? refused.moved : null
  const check = useCheckGates(route, view, onChanged)
  const next = useRef<HTMLElement>(null)
  const isOver = isVoid(view) || movedAtStart !== null
  const hasWork = plan.routes.length > 0
  const { runId } = record
  useCommand('go.next_action', () => {
    if (runId !== null) navigate(routeTo('runs', { id: runId }))
    else next.current?.querySelector<HTMLElement>('[data-next] button')?.focus()
  })
  const gates = view.gates.map(one => factsOfCheck(one, view.gatesCheckedAt))
  const isStopped = stoppingGates(gates).length > 0
  const isReady = view.gates.length > 0 && !isStopped
  return (
    <section className={styles.block} aria-label="Decision" ref={next}>
      <div className={styles.facts}>
        <RecordLine view={view} />
        <PlanIdentity record={record} />
      </div>
      {isOver && (
        <MovedNotice
          view={view}
          moved={movedAtStart ?? movedOf(view)}
          wasApproved={record.decision !== null}
        />
      )}
      {hasWork && !isOver && record.state !== 'rejected' && record.state !== 'started' && (
        <GatesLine
          route={route}
          view={view}
          check={check}
          isCurrent={isCurrent}
          isNext={!isReady && record.state === 'waiting'}
        />
      )}
      {hasWork && !isOver && record.state === 'waiting' && (
        <DecideForm view={view} isCurrent={isCurrent} isNext={isReady} onDecided={onDecided} />
      )}
      {hasWork && record.state === 'approved' && !isOver && (
        <ApplyAction
          view={view}
          isCurrent={isCurrent}
          isStopped={isStopped}
          onVoid={moved => {
            setRefused({ planId: plan.planId, moved })
            onChanged()
          }}
        />
      )}
    </section>
  )
}
