import type { Plan, PlannedGroup } from '../../../../shared/plan/plan.ts'
import { listMigratingOf } from '../../../../shared/plan/plan-selectors.ts'
import { countOf } from '../../../../shared/text/plain-words.ts'
import { describeMode, describeVote } from '../decision/plan-facts.ts'
import styles from '../evidence.module.css'

/** The waves in their order: who migrates together, how they are held together, and what that promises. */
export function GroupsTab({ plan }: { readonly plan: Plan }) {
  return (
    <>
      <h2>{`${countOf(plan.groups.length, 'group')}, one wave after the other`}</h2>
      <p>
        <strong>{plan.vote === 'fleet' ? 'Vote of the whole fleet. ' : 'Vote of each group. '}</strong>
        {describeVote(plan.vote)}
      </p>
      <ol className={styles.groups}>
        {plan.groups.map(group => (
          <Group key={group.name} group={group} />
        ))}
      </ol>
    </>
  )
}

function Group({ group }: { readonly group: PlannedGroup }) {
  const moving = listMigratingOf(group).length
  const still = group.tenants.length - moving
  return (
    <li className={styles.group}>
      <h3>{`Wave ${group.wave}: ${group.name}`}</h3>
      <dl>
        <div>
          <dt>Tenants</dt>
          <dd>{`${countOf(moving, 'tenant')} to migrate${still > 0 ? `, ${still} at the target already` : ''}`}</dd>
        </div>
        <div>
          <dt>At once</dt>
          <dd>{`${group.parallel} at a time`}</dd>
        </div>
        <div>
          <dt>Mode</dt>
          <dd>
            <strong>{group.mode}</strong>: {group.modeReason}
          </dd>
        </div>
        <div>
          <dt>Promise</dt>
          <dd>{describeMode(group.mode)}</dd>
        </div>
      </dl>
    </li>
  )
}
