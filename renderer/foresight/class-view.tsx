import type { ObjectDifference, SchemaClass } from '../../shared/foresight/schema-class.ts'
import { countOf, formatHeads, listNames } from '../../shared/plain-words.ts'
import { StatusMark } from '../parts/status-mark.tsx'
import styles from './foresight.module.css'

const changes: Readonly<Record<ObjectDifference['change'], string>> = {
  added: 'only here',
  missing: 'missing here',
  changed: 'other definition',
}

/** One class of tenants, and object by object how it differs from the main one of its revision. */
export function ClassView({ one }: { readonly one: SchemaClass }) {
  const { fingerprint, heads, tenants, isMain, differences } = one
  const title = `${countOf(tenants.length, 'tenant')} at ${formatHeads(heads)}`
  return (
    <section className={styles.route} aria-label={`Class ${fingerprint.slice(0, 12)}: ${title}`}>
      <h3>{title}</h3>
      <p className={styles.line}>
        <StatusMark
          status={isMain ? 'passed' : 'warned'}
          word={isMain ? 'main class' : `differs in ${countOf(differences.length, 'object')}`}
        />
        <code title={fingerprint}>{fingerprint.slice(0, 12)}</code>
        <span className="quiet" title={tenants.join(', ')}>
          {listNames(tenants, 10)}
        </span>
      </p>
      {differences.length > 0 && (
        <ul className={styles.differences} aria-label={`Differences of ${listNames(tenants, 3)}`}>
          {differences.map(difference => (
            <li key={`${difference.kind} ${difference.object}`} className={styles.difference}>
              <p className={styles.line}>
                <span>{difference.kind}</span>
                <code>{difference.object}</code>
                <span className="quiet">{changes[difference.change]}</span>
              </p>
              {difference.expected !== null && <pre>{`- ${difference.expected}`}</pre>}
              {difference.found !== null && <pre>{`+ ${difference.found}`}</pre>}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
