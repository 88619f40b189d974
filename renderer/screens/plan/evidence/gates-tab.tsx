import type { PlanView } from '../../../../shared/api/plan-view.ts'
import { factsOfCheck, stoppingGates, tallyGates } from '../../../gates/gate-facts.ts'
import { GateList } from '../../../gates/gate-list.tsx'
import { type ScreenRoute, withQuery } from '../../../route/route.ts'
import { navigate } from '../../../store/navigate.ts'
import { EmptyNotice } from '../../../ui/empty-notice.tsx'
import { Time } from '../../../ui/time.tsx'

interface GatesPartProps {
  readonly route: ScreenRoute
  readonly view: PlanView
}

/** Every gate as it was judged as a basis for the decision; the first that stands in the way is open. */
export function GatesTab({ route, view }: GatesPartProps) {
  const { gatesCheckedAt } = view
  const gates = view.gates.map(one => factsOfCheck(one, gatesCheckedAt))
  if (gates.length === 0)
    return (
      <EmptyNotice title="No gate has been judged for this plan yet.">
        <p>
          Check gates, above, judges them all without a lock and without changing anything. A run judges them
          again in any case, and stops before anything is changed when one fails or cannot be judged.
        </p>
      </EmptyNotice>
    )
  const asked = route.query.gate ?? stoppingGates(gates)[0]?.gate ?? null
  return (
    <>
      <h2>{tallyGates(gates)}</h2>
      <p className="quiet">
        {gatesCheckedAt !== null && (
          <>
            Judged at <Time at={gatesCheckedAt} hasDate />, as a basis for the decision.{' '}
          </>
        )}
        A run judges every gate again.
      </p>
      <GateList
        gates={gates}
        selected={asked}
        onSelect={gate =>
          navigate({ ...withQuery(route, { gate: gate ?? 'none' }), tab: 'gates' }, 'replace')
        }
      />
    </>
  )
}
