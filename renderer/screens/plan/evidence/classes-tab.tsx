import { classKeyOf } from '../../../../shared/analysis/group-classes.ts'
import type { PlanView } from '../../../../shared/api/plan-view.ts'
import { countOf } from '../../../../shared/text/plain-words.ts'
import styles from '../../../analysis/analysis.module.css'
import { ClassView } from '../../../analysis/class-view.tsx'
import { EmptyNotice } from '../../../ui/empty-notice.tsx'
import { LongList } from '../../../ui/long-list.tsx'
import { NameList } from '../../../ui/name-list.tsx'
import { classTenants } from './tenant-rows.ts'

/** Which tenants look alike, and object by object how the others differ. */
export function ClassesTab({ view }: { readonly view: PlanView }) {
  const classes = view.analysis?.classes ?? []
  const quarantined = view.analysis?.quarantined ?? []
  if (classes.length === 0)
    return (
      <EmptyNotice title="No tenant was compared with the others for this plan.">
        <p>A plan that is made, or whose gates are checked, compares them.</p>
      </EmptyNotice>
    )
  const numbers = new Map(classTenants(view.plan).map(one => [classKeyOf(one), one.number]))
  const outliers = classes.filter(one => !one.isMain)
  const differing = outliers.flatMap(one => one.tenants)
  return (
    <>
      <h2>
        {outliers.length === 0
          ? `${countOf(classes.length, 'class', 'classes')}: tenants of a revision have the same schema`
          : `${countOf(differing.length, 'tenant')} ${differing.length === 1 ? 'has' : 'have'} another schema than the others`}
      </h2>
      {quarantined.length > 0 && (
        <p>
          Left alone:{' '}
          <NameList
            names={quarantined.map(({ tenant, reason }) => `${tenant} (${reason})`)}
            what="tenants left alone"
            atFirst={10}
          />
        </p>
      )}
      {[outliers, classes.filter(one => one.isMain)].map((some, index) => (
        <LongList
          // biome-ignore lint/suspicious/noArrayIndexKey: those that differ, and those that do not.
          key={index}
          items={some}
          noun="class"
          plural="classes"
          atFirst={10}
          label={index === 0 ? 'Classes that differ' : 'Main classes'}
          className={styles.findings}
        >
          {one => <ClassView one={one} number={numbers.get(classKeyOf(one)) ?? null} />}
        </LongList>
      ))}
    </>
  )
}
