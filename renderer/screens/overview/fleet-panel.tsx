import { groupRevisions, type RevisionClasses } from '../../../shared/analysis/group-revisions.ts'
import type { FleetView, OverviewView } from '../../../shared/api/overview-view.ts'
import { countOf, formatHeads } from '../../../shared/text/plain-words.ts'
import { Link } from '../../route/link.tsx'
import { routeTo } from '../../route/route.ts'
import type { Loadable } from '../../store/use-request.ts'
import { Panel } from '../../ui/panel.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'
import { sayClasses } from './drift-of.ts'
import styles from './fleet-panel.module.css'

/** Where the tenants stand: at the target or behind it, by group, and whether equal revisions are equal schemas. */
export function FleetPanel({ overview }: { readonly overview: Loadable<OverviewView> }) {
  return (
    <Panel title="Fleet" loadable={overview} waitingFor="the revisions of every tenant" rows={4}>
      {({ fleet, failure }) =>
        fleet === null ? (
          <p className={styles.nothing}>
            <StatusMark status="errored" word="no data" />{' '}
            {failure?.kind === 'several_heads'
              ? 'The tenants have no target: the migrations have several heads.'
              : 'The tenants could not be read.'}
          </p>
        ) : (
          <Fleet fleet={fleet} />
        )
      }
    </Panel>
  )
}

function Fleet({ fleet }: { readonly fleet: FleetView }) {
  const { tenants, atTarget, behind, groups, classes, target } = fleet
  return (
    <div className={styles.fleet}>
      <p>
        <strong className={styles.number}>{atTarget}</strong> of {countOf(tenants, 'tenant')} at{' '}
        {formatHeads(target)}
        {behind > 0 && (
          <>
            , <strong className={styles.number}>{behind}</strong> behind
          </>
        )}
      </p>
      <Bar atTarget={atTarget} behind={behind} isLarge />
      <ul className={styles.groups}>
        {groups.map(one => (
          <li key={one.group} className={styles.group}>
            <Link
              to={routeTo('topology', { query: { view: 'table', group: one.group } })}
              className={styles.link}
            >
              <span title={one.group}>{one.group}</span>
            </Link>
            <Bar atTarget={one.tenants - one.behind} behind={one.behind} />
            <span className={styles.count}>
              {one.behind === 0 ? `${one.tenants} at target` : `${one.behind} of ${one.tenants} behind`}
            </span>
          </li>
        ))}
      </ul>
      <Classes classes={groupRevisions(classes)} />
    </div>
  )
}

/** At target is solid, behind is hatched: the numbers stand beside it. */
function Bar(props: { readonly atTarget: number; readonly behind: number; readonly isLarge?: boolean }) {
  const { atTarget, behind, isLarge = false } = props
  return (
    <div className={isLarge ? styles.largeBar : styles.bar} aria-hidden="true">
      {atTarget > 0 && <span className={styles.atTarget} style={{ flexGrow: atTarget }} />}
      {behind > 0 && <span className={styles.behind} style={{ flexGrow: behind }} />}
    </div>
  )
}

function Classes({ classes }: { readonly classes: readonly RevisionClasses[] }) {
  if (classes.length === 0) return <p className="quiet">Schemas have not been compared.</p>
  return (
    <ul className={styles.classes} aria-label="Schemas at equal revisions">
      {classes.map(one => (
        <li key={one.revision}>
          <StatusMark status={one.outliers.length === 0 ? 'passed' : 'warned'} isIconOnly word="" />{' '}
          <Link
            to={routeTo('topology', { query: { view: 'table', revision: one.revision } })}
            className={styles.link}
          >
            {sayClasses(one)}
          </Link>{' '}
          <span className="quiet">{countOf(one.tenants, 'tenant')}</span>
        </li>
      ))}
    </ul>
  )
}
