import type { ObjectDifference, SchemaClass } from '../../shared/analysis/schema-class.ts'
import { countOf, formatHeads, listNames } from '../../shared/text/plain-words.ts'
import { LongList } from '../ui/long-list.tsx'
import { NameList } from '../ui/name-list.tsx'
import { StatusMark } from '../ui/status-mark.tsx'
import styles from './analysis.module.css'

const changes: Readonly<Record<ObjectDifference['change'], string>> = {
  added: 'only here',
  missing: 'missing here',
  changed: 'other definition',
}

interface ClassViewProps {
  readonly one: SchemaClass
  /** Its number among the classes of the plan, where that is known. */
  readonly number: number | null
}

/** One class of tenants, and object by object how it differs from the main one of its revision. */
export function ClassView({ one, number }: ClassViewProps) {
  const { fingerprint, heads, tenants, isMain, differences } = one
  const title = `${countOf(tenants.length, 'tenant')} at ${formatHeads(heads)}`
  return (
    <section className={styles.route} aria-label={`Class ${fingerprint.slice(0, 12)}: ${title}`}>
      <h3>{number === null ? title : `Class ${number}: ${title}`}</h3>
      <p className={styles.line}>
        <StatusMark
          status={isMain ? 'passed' : 'warned'}
          word={isMain ? 'main class' : describeOutlier(differences.length)}
        />
        <code title={fingerprint}>{fingerprint.slice(0, 12)}</code>
        <span className="quiet">
          <NameList names={tenants} what="tenants" atFirst={10} />
        </span>
      </p>
      {differences.length > 0 && (
        <LongList
          items={differences}
          noun="difference"
          atFirst={8}
          label={`Differences of ${listNames(tenants, 3)}`}
          className={styles.differences}
          itemClassName={styles.difference}
        >
          {difference => (
            <>
              <p className={styles.line}>
                <span>{difference.kind}</span>
                <code>{difference.object}</code>
                <span className="quiet">{changes[difference.change]}</span>
              </p>
              {difference.expected !== null && <pre>{`- ${difference.expected}`}</pre>}
              {difference.found !== null && <pre>{`+ ${difference.found}`}</pre>}
            </>
          )}
        </LongList>
      )}
    </section>
  )
}

/** Only the first outliers are compared object by object: no difference known is not the same as none. */
function describeOutlier(differences: number): string {
  return differences === 0
    ? 'differs; not compared object by object'
    : `differs in ${countOf(differences, 'object')}`
}
