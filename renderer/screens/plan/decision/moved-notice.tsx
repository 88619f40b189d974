import type { PlanView } from '../../../../shared/api/plan-view.ts'
import { routeTo } from '../../../route/route.ts'
import { navigate } from '../../../store/navigate.ts'
import { Button } from '../../../ui/button.tsx'
import { LongList } from '../../../ui/long-list.tsx'
import styles from './decision-block.module.css'

interface MovedNoticeProps {
  readonly view: PlanView
  readonly moved: readonly string[]
  readonly wasApproved: boolean
}

/** Why a plan does not hold any more: what moved, and the way to a new one. */
export function MovedNotice({ view, moved, wasApproved }: MovedNoticeProps) {
  return (
    <div className={styles.moved} role="status">
      <h2>{wasApproved ? 'The approval is void: something moved' : 'The plan is void: something moved'}</h2>
      {moved.length === 0 ? (
        <p>The plan does not fit the fleet any more.</p>
      ) : (
        <LongList items={moved} noun="change" atFirst={10}>
          {what => what}
        </LongList>
      )}
      <p className="quiet">Nothing was changed. A new plan looks at the fleet as it is now.</p>
      <div className={styles.line} data-next>
        <Button
          kind="primary"
          onPress={() => navigate(routeTo('plan', { tab: 'new', query: queryOf(view) }))}
        >
          Make a new plan
        </Button>
      </div>
    </div>
  )
}

/** What was asked for is asked for again; what was left open stays open. */
function queryOf({ asked }: PlanView): Readonly<Record<string, string>> {
  const target = asked.target.join(' ')
  const tenants = asked.tenants.join(' ')
  return { ...(target === '' ? {} : { target }), ...(tenants === '' ? {} : { tenants }) }
}
